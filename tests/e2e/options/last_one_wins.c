// SPDX-License-Identifier: MIT
//
// A key given twice: the last one counts.
//
// ENV: LEAKGC_OPTIONS=exitcode=5:exitcode=23
// STATUS: 23
// EXPECT: definite 109 1

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
