// SPDX-License-Identifier: MIT
//
// max_sites shows the first so many, and counts the rest in one line.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=max_sites=2
// EXPECT: definite 1000 4
// STDERR-HAS: Direct leak of 400 byte
// STDERR-HAS: Direct leak of 300 byte
// STDERR-LACKS: leak of [12]00 byte
// STDERR-HAS: ^[^#=]*\b2\b.*\b300\b.*$

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(100));
    use(malloc(200));
    use(malloc(300));
    use(malloc(400));
}

int main(void)
{
    lose();
    return 0;
}
