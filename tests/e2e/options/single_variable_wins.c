// SPDX-License-Identifier: MIT
//
// LEAKGC_KEY wins over LEAKGC_OPTIONS.
//
// ENV: LEAKGC_OPTIONS=exitcode=5:kinds=possible
// ENV: LEAKGC_EXITCODE=23
// ENV: LEAKGC_KINDS=definite
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
