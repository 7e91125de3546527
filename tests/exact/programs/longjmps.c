// SPDX-License-Identifier: MIT
//
// Jumps out of deep frames, then allocations over the dead stack, from the same and other heights.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -D_FORTIFY_SOURCE=2 | clang -O2
// captures: 3000

#include "exact.h"

#include <setjmp.h>

static jmp_buf plain;
static sigjmp_buf with_mask;
static volatile int sum;

static NOINLINE void leap(int left, int how)
{
    volatile char room[48];
    room[0] = (char)left;
    touch((size_t)left + 1);
    if (left)
        leap(left - 1, how);
    else if (how == 0)
        longjmp(plain, 1);
    else if (how == 1)
        _longjmp(plain, 1);
    else
        siglongjmp(with_mask, 1);
    sum++;
}

static NOINLINE void caught(int left)
{
    touch_all((size_t)left + 1);
    if (left)
        caught(left - 1);
    sum++;
}

static NOINLINE void throw_and_catch(int how)
{
    volatile int deep = (int)rnd(20);
    if (how < 2 ? setjmp(plain) == 0 : sigsetjmp(with_mask, 1) == 0)
        leap(deep, how);
    else
        caught(deep / 4);
    touch(9);
    sum++;
}

int main(void)
{
    for (int i = 0; i < 600; i++)
        throw_and_catch(i % 3);
    return 0;
}
