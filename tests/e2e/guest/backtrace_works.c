// SPDX-License-Identifier: MIT
//
// backtrace and _Unwind_Backtrace of the program see its own frames as ever. Below main there may be
// one more, where we learn that main has returned.
//
// CFLAGS: -O0 -rdynamic | -O2 -rdynamic
// EXPECT: nothing

#include "leaktest.h"

#include <execinfo.h>
#include <unwind.h>

static _Unwind_Reason_Code count_one(struct _Unwind_Context *context, void *count)
{
    (void)context;
    ++*(int *)count;
    return _URC_NO_REASON;
}

NOINLINE int depth(void)
{
    void *frames[100];
    int count = 0;
    _Unwind_Backtrace(count_one, &count);
    int other = backtrace(frames, 100);
    char **names = backtrace_symbols(frames, other);
    CHECK(strstr(names[0], "(depth+") != NULL);
    CHECK(strstr(names[1], "(middle+") != NULL);
    CHECK(strstr(names[2], "(main+") != NULL);
    CHECK(strstr(names[other - 1], "(_start+") != NULL);
    CHECK(count == other || count == other + 1);
    free(names);
    return other;
}

NOINLINE int middle(void)
{
    return depth() + 1;
}

int main(void)
{
    CHECK(middle() <= 8);
    return 0;
}
