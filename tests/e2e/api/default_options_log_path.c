// SPDX-License-Identifier: MIT
//
// log_path gets the process id, and a % in it is no pattern.
//
// LDFLAGS: -rdynamic
// PLAIN: no
// FILE: leaks 50%t.{PID}
// STDERR-HAS: ERROR: leakgc: detected memory leaks
// EXPECT: definite 10 1

#include "apitest.h"

const char *__lsan_default_options(void)
{
    return "log_path='leaks 50%t'";
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
