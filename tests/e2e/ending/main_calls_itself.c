// SPDX-License-Identifier: MIT
//
// main that calls itself, and returns twice.
//
// EXPECT: definite 218 2

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(int argc, char **argv)
{
    lose();
    if (argc > 0)
        return main(0, argv) + 0;
    return 0;
}
