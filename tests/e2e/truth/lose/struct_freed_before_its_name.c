// SPDX-License-Identifier: MIT
//
// The struct is freed, the string it owned is not.
//
// EXPECT: definite 44 1

#include "truth.h"

struct person {
    long id;
    char *name;
};

static NOINLINE void lose(void)
{
    struct person *p = calloc(1, sizeof *p);
    p->name = malloc(44);
    use(p);
    free(p);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
