// SPDX-License-Identifier: MIT
//
// A program's detect_leaks=0 switches the library off, unless the environment says otherwise.
//
// LDFLAGS: -rdynamic
// EXPECT: no report
// CONTROL: enabled=1 => definite 10 1
// CONTROL: -DON => definite 10 1

#include "apitest.h"

const char *__lsan_default_options(void)
{
#ifdef ON
    return "detect_leaks=1";
#else
    return "detect_leaks=0";
#endif
}

static NOINLINE void lose(void)
{
    use(malloc(10));
}

int main(void)
{
    lose();
    return 0;
}
