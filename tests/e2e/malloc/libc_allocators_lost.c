// SPDX-License-Identifier: MIT
//
// And when the caller loses it, the leak is told with the caller's line.
//
// EXPECT: definite 128 3

#include "leaktest.h"

static NOINLINE void lose(void)
{
    char *text = NULL;
    use(strdup("123456789"));                 // LEAK: definite 10 1
    CHECK(asprintf(&text, "%017d", 1) == 17); // LEAK: definite 18 1
    use(text);
    text = NULL;
    use(realloc(strdup("12"), 100)); // LEAK: definite 100 1
}

int main(void)
{
    lose();
    return 0;
}
