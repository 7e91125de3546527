// SPDX-License-Identifier: MIT
//
// A big ring has exactly one leader, too.
//
// EXPECT: definite 48 1; indirect 47952 999

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void **first = calloc(1, 48);
    void **last = first;
    for (int i = 1; i < 1000; i++) {
        void **node = calloc(1, 48);
        last[2] = node;
        last = node;
    }
    last[2] = first;
    use(first);
}

int main(void)
{
    lose();
    return 0;
}
