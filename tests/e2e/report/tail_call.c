// SPDX-License-Identifier: MIT
//
// A function that ends by jumping to malloc has no frame of its own: the line of its caller is told,
// and nothing is made up.
//
// CFLAGS: -O2
// EXPECT: definite 109 1
// STDERR-HAS: ^    #0 0x\.\. in main {FILE}:{@main}

#include "leaktest.h"

__attribute__((noipa)) static void *jumps(size_t size)
{
    return malloc(size + 1);
}

int main(void)
{
    void *p = jumps(108); // @main
    use(p);
    return 0;
}
