// SPDX-License-Identifier: MIT
//
// An address as hexadecimal digits in a global text.
//
// EXPECT: definite 91 1

#include "truth.h"

char text[32];

static NOINLINE void lose(void)
{
    void *p = malloc(91);
    use(p);
    snprintf(text, sizeof text, "%p", p);
    use(text);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
