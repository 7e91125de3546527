// SPDX-License-Identifier: MIT
//
// The caller takes for granted that the callee frees what it is given.
//
// EXPECT: definite 36 1

#include "truth.h"

static NOINLINE void consume(char *text)
{
    use(text);
}

static NOINLINE void lose(void)
{
    char *text = malloc(36);
    consume(text);
    text = NULL;
    use(text);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
