// SPDX-License-Identifier: MIT
//
// A helper that is something else, and answers nonsense or nothing: no hang, and a report.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=helper=/bin/true
// LOG: allowed
// EXPECT: definite 109 1
// CONTROL: helper=/bin/false => definite 109 1
// CONTROL: helper=/etc/passwd => definite 109 1
// CONTROL: helper=/bin => definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    lose();
    return 0;
}
