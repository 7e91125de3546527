// SPDX-License-Identifier: MIT
//
// What __lsan_default_options can't say here is told with verbose=1, in one line each.
//
// LDFLAGS: -rdynamic
// PLAIN: no
// LOG: allowed
// STDERR-HAS: leakgc: __lsan_default_options: 'use_unaligned' means nothing here; ignored
// STDERR-HAS: leakgc: __lsan_default_options: 'nonsense' means nothing here; ignored
// EXPECT: definite 10 1

#include "apitest.h"

const char *__lsan_default_options(void)
{
    return "verbosity=2,use_unaligned=1:nonsense";
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
