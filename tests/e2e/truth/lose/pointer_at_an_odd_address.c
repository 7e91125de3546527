// SPDX-License-Identifier: MIT
//
// A packed struct has the pointer where no pointer stands. Only aligned words are searched.
//
// EXPECT: definite 95 1

#include "truth.h"

struct __attribute__((packed)) odd {
    char tag;
    void *p;
};
struct odd odd[2] __attribute__((aligned(16)));

static NOINLINE void lose(void)
{
    odd[0].p = malloc(95);
    use(odd);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
