// SPDX-License-Identifier: MIT
//
// s = join(s, "x") loses the old text each time; the last is freed.
//
// EXPECT: definite 10 4

#include "truth.h"

static NOINLINE char *join(const char *a, const char *b)
{
    char *c = malloc(strlen(a) + strlen(b) + 1);
    use(c);
    strcpy(c, a);
    return strcat(c, b);
}

static NOINLINE void lose(void)
{
    char *s = join("", "");
    for (int i = 0; i < 4; i++)
        s = join(s, "x");
    CHECK(strlen(s) == 4);
    free(s);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
