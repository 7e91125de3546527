// SPDX-License-Identifier: MIT
//
// A function with variable arguments that formats into a new block.
//
// EXPECT: definite 9 1

#include "truth.h"

#include <stdarg.h>

static NOINLINE char *format(const char *how, ...)
{
    va_list list;
    char *text = NULL;
    va_start(list, how);
    CHECK(vasprintf(&text, how, list) >= 0);
    va_end(list);
    return text;
}

static NOINLINE void lose(void)
{
    use(format("%s-%s", "left", "end"));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
