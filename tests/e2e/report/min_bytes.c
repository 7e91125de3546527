// SPDX-License-Identifier: MIT
//
// min_bytes hides sites with fewer bytes; the summary still counts them.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=min_bytes=100
// EXPECT: definite 1299 4
// STDERR-HAS: Direct leak of 1000 byte
// STDERR-HAS: Direct leak of 100 byte\(s\) in 1 object
// STDERR-HAS: Direct leak of 100 byte\(s\) in 1 object
// STDERR-LACKS: leak of 99 byte

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(99));
    use(malloc(100));
    use(malloc(1000));
    use(malloc(100));
}

int main(void)
{
    lose();
    return 0;
}
