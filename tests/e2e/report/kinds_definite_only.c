// SPDX-License-Identifier: MIT
//
// kinds=definite: indirect ones are not shown, but counted in the summary.
//
// ENV: LEAKGC_OPTIONS=kinds=definite
// EXPECT: definite 32 1; indirect 48 1
// STDERR-HAS: Direct leak of 32 byte
// STDERR-LACKS: Indirect leak

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void **p = calloc(1, 32);
    p[1] = malloc(48);
    use(p);
}

int main(void)
{
    lose();
    return 0;
}
