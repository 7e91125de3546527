// SPDX-License-Identifier: MIT
//
// __lsan_do_leak_check moves the check of the end: it reports once; what is lost later is not told; the
// process goes on, and ends with the option's status.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// EXPECT: definite 10 1
// STATUS: 23
// STDOUT: goes on
// PLAIN: no
// CONTROL: exitcode=0 -DTWICE -DZERO => definite 10 1
// CONTROL: -DNOT => definite 30 2

#include "apitest.h"

static NOINLINE void lose(size_t bytes)
{
    use(malloc(bytes));
}

static void in_the_end(void)
{
#ifdef ZERO
    _exit(23); // the status of this program is checked in each case
#endif
}

int main(void)
{
    atexit(in_the_end);
    lose(10);
    clobber();
#ifndef NOT
    if (WITH)
        __lsan_do_leak_check();
#endif
    lose(20);
#ifdef TWICE
    if (WITH)
        __lsan_do_leak_check();
#endif
    puts("goes on");
    fflush(stdout);
    return 0;
}
