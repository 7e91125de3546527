// SPDX-License-Identifier: MIT
//
// min_bytes=1k is 1024 bytes.
//
// ENV: LEAKGC_OPTIONS=min_bytes=1k
// CFLAGS: -O2
// EXPECT: definite 2047 2
// STDERR-HAS: Direct leak of 1024 byte
// STDERR-LACKS: leak of 1023 byte

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(1023));
    use(malloc(1024));
}

int main(void)
{
    lose();
    return 0;
}
