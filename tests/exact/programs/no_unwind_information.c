// SPDX-License-Identifier: MIT
//
// Executables whose frames can't be looked up: no .eh_frame of their own, with and without frame
// pointers, only .debug_frame, or no search table (.eh_frame_hdr).
//
// flags: gcc -O1 -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -g0 | gcc -O2 -fno-asynchronous-unwind-tables -g0
// flags: gcc -O2 -fno-asynchronous-unwind-tables -gdwarf-4 | gcc -O0 -fno-asynchronous-unwind-tables -g0
// flags: gcc -O2 -Wl,--no-eh-frame-hdr | gcc -O1 -fno-omit-frame-pointer -Wl,--no-eh-frame-hdr -s
// flags: gcc -O1 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables -g0 -no-pie | gcc -O2 -no-pie -static-libgcc
// flags: clang -O2 -fno-asynchronous-unwind-tables -g0 | clang -O2 -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -g0
// captures: 2000
// uses: uncompared<4200

#include "exact.h"

static volatile int sum;

static NOINLINE int leaf(int n)
{
    touch((size_t)n + 1);
    return ++sum;
}

static NOINLINE int compare(const void *a, const void *b)
{
    leaf(*(const int *)a & 31);
    return *(const int *)a - *(const int *)b;
}

static NOINLINE int middle(int left, int n)
{
    volatile char room[40];
    room[0] = 1;
    int result = left ? middle(left - 1, n) : leaf(n);
    sum++;
    return result;
}

int main(void)
{
    int numbers[16];
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 16; i++)
            numbers[i] = (int)rnd(1000);
        qsort(numbers, 16, sizeof *numbers, compare);
        for (int i = 0; i < 5; i++)
            middle((int)rnd(12), 10);
    }
    return 0;
}
