// SPDX-License-Identifier: MIT
//
// The only pointer to a text is moved along it to its end.
//
// EXPECT: definite 100 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *text = malloc(100);
    memset(text, 'x', 99);
    text[99] = 0;
    use(text);
    while (*text)
        text++;
    use(text);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
