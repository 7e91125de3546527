// SPDX-License-Identifier: MIT
//
// Records stand by bytes, descending, not by blocks or time.
//
// CFLAGS: -O2
// EXPECT: definite 1060 53
// STDERR-HAS: Direct leak of 500 byte\(s\) in 50 [^!]*Direct leak of 300 byte\(s\) in 1 [^!]*Direct leak of 200 byte\(s\) in 1 [^!]*Direct leak of 60 byte\(s\) in 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(200)); // LEAK: definite 200 1
    for (volatile int i = 0; i < 50; i++)
        use(malloc(10)); // LEAK: definite 500 50
    use(malloc(60));     // LEAK: definite 60 1
    use(malloc(300));    // LEAK: definite 300 1
}

int main(void)
{
    lose();
    return 0;
}
