// SPDX-License-Identifier: MIT
//
// report=PATH with the patterns %p, %e, %n, %h, %t and %%.
//
// ENV: LEAKGC_OPTIONS=report={TMP}/leaks.%p.%e.%n.%h.%t.%%.txt
// FILE: leaks.{PID}.to_file.*.*.[0-9]*.%.txt
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
