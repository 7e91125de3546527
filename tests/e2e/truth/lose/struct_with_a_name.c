// SPDX-License-Identifier: MIT
//
// A struct on the heap that owns a string; the struct is lost.
//
// EXPECT: definite 24 1; indirect 43 1

#include "truth.h"

struct person {
    long id;
    char *name;
    long age;
};

static NOINLINE void lose(void)
{
    struct person *p = calloc(1, sizeof *p);
    p->name = malloc(43);
    use(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
