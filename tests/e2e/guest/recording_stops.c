// SPDX-License-Identifier: MIT
//
// There is no memory for more call stacks: recording stops, one line says so, and so does the first line of the
// report, which has the leak from before. What is lost later counts, with no stack to tell.
//
// CFLAGS: -O0
// STDERR-HAS: \A==PID==leakgc: stopped recording: no memory for call stacks; .*\n==PID==leakgc: incomplete: recording stopped \(no memory for call stacks\)\n\n=====
// STDERR-HAS: definitely lost: 1[0-9]{2} bytes
// CONTROL: -DENOUGH => definite 109 1

#include "leaktest.h"

#include <sys/resource.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
}

// A call stack of its own for each number.
static NOINLINE void visit(unsigned number, int bits)
{
    if (!bits)
        free(malloc(10));
    else if (number & 1)
        visit(number >> 1, bits - 1);
    else
        visit(number >> 1, bits - 1);
}

int main(void)
{
    struct rlimit limit, none = {4096, RLIM_INFINITY};
    lose();
    CHECK(getrlimit(RLIMIT_DATA, &limit) == 0);
    none.rlim_max = limit.rlim_max;
#ifndef ENOUGH
    CHECK(setrlimit(RLIMIT_DATA, &none) == 0);
#endif
    for (unsigned i = 0; i < 1u << 17; i++)
        visit(i, 17);
    CHECK(setrlimit(RLIMIT_DATA, &limit) == 0);
    return 0;
}
