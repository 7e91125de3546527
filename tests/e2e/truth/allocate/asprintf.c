// SPDX-License-Identifier: MIT
//
// asprintf makes the string as long as it must be.
//
// EXPECT: definite 14 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *text = NULL;
    CHECK(asprintf(&text, "number %06d", 42) == 13);
    use(text);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
