// SPDX-License-Identifier: MIT
//
// Calls inside the argument lists of other calls: the stack pointer is lower while arguments are
// pushed, so one function has many heights.
//
// flags: gcc -O0 | gcc -Os | gcc -O1 | gcc -O2 -mpush-args | gcc -O2 -maccumulate-outgoing-args | gcc -Os -fno-omit-frame-pointer
// flags: clang -O0 | clang -Os | clang -Oz | clang -O2
// captures: 5000
// uses: cached>100 joined>10 libunwind=0

#include "exact.h"

static NOINLINE int size_of(int n)
{
    touch((size_t)n + 1);
    ENDS;
    return n;
}

static NOINLINE int eight(int a, int b, int c, int d, int e, int f, int g, int h)
{
    touch((size_t)(a + h + 1));
    ENDS;
    return b + c + d + e + f + g - h;
}

static NOINLINE int eleven(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j,
                           int k)
{
    touch((size_t)(k + 1));
    return eight(size_of(a), b, c, size_of(d), e, f, size_of(g), size_of(h)) + i + j;
}

static NOINLINE int nested(int n)
{
    return eleven(1, 2, 3, 4, 5, 6, size_of(7), eight(1, 2, 3, 4, 5, 6, 7, size_of(n)), size_of(3),
                  eight(size_of(1), 2, 3, 4, 5, 6, size_of(2), size_of(n)), size_of(n));
}

int main(void)
{
    int sum = 0;
    for (int i = 0; i < 500; i++)
        sum += nested((int)rnd(50)) + eight(1, 2, 3, 4, 5, 6, size_of(7), size_of(i % 50));
    return sum == 1;
}
