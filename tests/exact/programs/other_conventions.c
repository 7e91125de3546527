// SPDX-License-Identifier: MIT
//
// Functions of the Microsoft calling convention (more registers are saved, RBP among them), with
// saved vector registers, and with room left by the caller. libunwind refuses rules for vector registers,
// so of most stacks only the frames before such a function can be compared.
//
// flags: gcc -O0 | gcc -O2 | gcc -Os | gcc -O2 -fno-omit-frame-pointer | clang -O0 | clang -O2
// captures: 5000
// uses: uncompared<5600

#include "exact.h"

static volatile int sum;
typedef int __attribute__((ms_abi)) microsoft(int, int, int, int, int, int);

static NOINLINE int ordinary(int left, int n);

static NOINLINE int __attribute__((ms_abi)) other(int left, int a, int b, int c, int d, int e)
{
    touch((size_t)(a & 31) + 1);
    int result = left ? ordinary(left - 1, b) : c;
    touch_all((size_t)(e & 7));
    return result + a + b + c + d + e + ++sum;
}

static NOINLINE int ordinary(int left, int n)
{
    volatile double kept = n;
    microsoft *function = other;
    use(&function);
    int result = left ? function(left - 1, n, n + 1, n + 2, n + 3, n + 4) : n;
    touch((size_t)(n & 31) + 1);
    return result + (int)kept;
}

int main(void)
{
    for (int i = 0; i < 200; i++)
        sum += ordinary((int)rnd(9), i) + other((int)rnd(5), 1, 2, 3, 4, 5);
    return 0;
}
