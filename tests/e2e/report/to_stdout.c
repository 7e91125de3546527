// SPDX-License-Identifier: MIT
//
// report=stdout.
//
// ENV: LEAKGC_OPTIONS=report=stdout
// PLAIN: no
// EXPECT: no report
// CONTROL: report=stderr => definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    lose();
    return 0;
}
