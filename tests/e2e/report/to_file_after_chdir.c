// SPDX-License-Identifier: MIT
//
// A relative path of the report is relative to where the program was started, not to where it went.
//
// ENV: LEAKGC_OPTIONS=report=leaks.txt
// FILE: leaks.txt
// EXPECT: definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    CHECK(chdir("/") == 0);
    lose();
    return 0;
}
