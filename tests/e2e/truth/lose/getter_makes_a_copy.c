// SPDX-License-Identifier: MIT
//
// A getter that looks as if it returned what is there returns a copy.
//
// EXPECT: definite 48 4

#include "truth.h"

static const char *name = "eleven char";

static NOINLINE char *get_name(void)
{
    char *copy = strdup(name);
    use(copy);
    return copy;
}

static NOINLINE void lose(void)
{
    for (int i = 0; i < 4; i++)
        CHECK(strlen(get_name()) == 11);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
