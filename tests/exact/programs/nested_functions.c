// SPDX-License-Identifier: MIT
//
// GNU C's nested functions: called directly, and through a trampoline on the stack.
//
// flags: gcc -O0 | gcc -O1 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer
// captures: 2000

#include "exact.h"

static NOINLINE void apply(void (*function)(int), int n)
{
    function(n);
    touch(5);
    ENDS;
}

static NOINLINE void outer(int n)
{
    int total = 0;
    char room[n + 1];
    use(room);
    void inner(int m)
    {
        touch((size_t)(n + m) + 1);
        total += m;
        if (m)
            apply(inner, m - 1);
    }
    inner(n % 3);
    apply(inner, n % 4);
    use(&total);
}

int main(void)
{
    for (int i = 0; i < 500; i++)
        outer((int)rnd(100));
    return 0;
}
