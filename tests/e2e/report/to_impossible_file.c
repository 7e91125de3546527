// SPDX-License-Identifier: MIT
//
// A report file that can't be opened: one line says so and the report goes to stderr; the program is
// not affected.
//
// ENV: LEAKGC_OPTIONS=report=/no/such/folder/leaks.txt
// LOG: allowed
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
