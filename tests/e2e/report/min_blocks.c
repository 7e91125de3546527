// SPDX-License-Identifier: MIT
//
// min_blocks hides sites with fewer blocks.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=min_blocks=5
// EXPECT: definite 1090 10
// STDERR-HAS: Direct leak of 50 byte\(s\) in 5 object
// STDERR-LACKS: in [14] object

#include "leaktest.h"

static NOINLINE void lose(void)
{
    for (volatile int i = 0; i < 4; i++)
        use(malloc(10));
    for (volatile int i = 0; i < 5; i++)
        use(malloc(10));
    use(malloc(1000));
}

int main(void)
{
    lose();
    return 0;
}
