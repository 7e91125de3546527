// SPDX-License-Identifier: MIT
//
// exitcode with quick_exit(0).
//
// ENV: LEAKGC_OPTIONS=exitcode=23
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
    quick_exit(0);
}
