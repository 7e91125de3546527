// SPDX-License-Identifier: MIT
//
// Where min_bytes hides all sites there is nothing to say.
//
// ENV: LEAKGC_OPTIONS=min_bytes=1k
// EXPECT: no report
// CONTROL: min_bytes=1 => definite 1023 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(1023));
}

int main(void)
{
    lose();
    return 0;
}
