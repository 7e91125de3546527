// SPDX-License-Identifier: MIT
//
// A tagged value is freed by the wrong tag: as a number, not as a text.
//
// EXPECT: definite 86 1

#include "truth.h"

struct value {
    int is_text;
    union {
        char *text;
        long number;
    };
};

static NOINLINE void clear(struct value *v)
{
    if (v->is_text)
        free(v->text);
    v->number = 0;
}

static NOINLINE void lose(void)
{
    struct value v = {0, {malloc(86)}};
    use(&v);
    clear(&v);
    use(&v);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
