// SPDX-License-Identifier: MIT
//
// exit() deep below main: the locals of all frames above are alive.
//
// EXPECT: nothing
// CONTROL: use_stacks=0 => definite 3033 3

#include "leaktest.h"

static NOINLINE void third(void)
{
    void *volatile local = malloc(1012);
    (void)local;
    exit(0);
}

static NOINLINE void second(void)
{
    void *volatile local = malloc(1011);
    third();
    use(local);
}

int main(void)
{
    void *volatile local = malloc(1010);
    second();
    use(local);
    return 0;
}
