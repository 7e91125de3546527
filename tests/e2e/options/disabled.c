// SPDX-License-Identifier: MIT
//
// enabled=0: the program runs on our allocator, and nothing is said.
//
// ENV: LEAKGC_OPTIONS=enabled=0
// EXPECT: no report
// CONTROL: enabled=0:verbose=1 => no report
// CONTROL: enabled=0:exitcode=23 => no report
// CONTROL: enabled=1 => definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    lose();
    for (size_t size = 0; size < 100000; size = size * 2 + 1)
        free(realloc(malloc(size), size * 3));
    return 0;
}
