// SPDX-License-Identifier: MIT
//
// A chain of structs, each of which owns the next.
//
// EXPECT: definite 16 1; indirect 77 3

#include "truth.h"

struct inner {
    char *text;
};

struct middle {
    struct inner *inner;
    char more[24];
};

struct outer {
    struct middle *middle;
    long id;
};

static NOINLINE void lose(void)
{
    struct outer *o = calloc(1, sizeof *o);
    o->middle = calloc(1, sizeof *o->middle);
    o->middle->inner = calloc(1, sizeof *o->middle->inner);
    o->middle->inner->text = malloc(37);
    use(o);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
