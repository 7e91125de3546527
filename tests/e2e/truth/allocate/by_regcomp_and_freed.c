// SPDX-License-Identifier: MIT
//
// A compiled expression is many blocks; regfree frees them all.
//
// EXPECT: nothing

#include "truth.h"

#include <regex.h>

static NOINLINE void lose(void)
{
    regex_t expression;
    CHECK(regcomp(&expression, "^(a|b)*c+[0-9]{2,3}$", REG_EXTENDED) == 0);
    CHECK(regexec(&expression, "abcc12", 0, NULL, 0) == 0);
    regfree(&expression);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
