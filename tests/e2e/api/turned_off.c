// SPDX-License-Identifier: MIT
//
// A program that defines __lsan_is_turned_off is asked at the end, by which time it may have changed its
// mind. It must export the function.
//
// LDFLAGS: -rdynamic
// EXPECT: no report
// CONTROL: -DON => definite 10 1
// CONTROL: -DHIDDEN => definite 10 1

#include "apitest.h"

static int off;

#ifdef HIDDEN
__attribute__((visibility("hidden")))
#endif
int __lsan_is_turned_off(void)
{
    return off;
}

static NOINLINE void lose(void)
{
    use(malloc(10));
}

int main(void)
{
    lose();
#ifndef ON
    off = 1;
#ifndef HIDDEN
    if (WITH)
        CHECK(leakgc_scan() == -1);
#endif
#endif
    return 0;
}
