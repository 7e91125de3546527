// SPDX-License-Identifier: MIT
//
// Debug information in a file of its own, found by .gnu_debuglink.
//
// DEBUG: separate
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\.\. in lose {FILE}:{@malloc}\n    #1 0x\.\. in main {FILE}:{@main}

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109); // @malloc
    use(p);
}

int main(void)
{
    lose(); // @main
    return 0;
}
