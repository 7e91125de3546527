// SPDX-License-Identifier: MIT
//
// A function returns a struct by value that has a block.
//
// EXPECT: definite 42 1

#include "truth.h"

struct result {
    int status;
    char *text;
};

static NOINLINE struct result ask(void)
{
    struct result r = {0, malloc(42)};
    use(r.text);
    return r;
}

static NOINLINE void lose(void)
{
    CHECK(ask().status == 0);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
