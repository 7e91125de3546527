// SPDX-License-Identifier: MIT
//
// Functions split in a hot and a cold part, far from one another, each with unwind information of
// its own; calls of noreturn functions at the very end, whose return address lies in what follows.
//
// flags: gcc -O2 -freorder-blocks-and-partition | gcc -O2 -fno-reorder-blocks-and-partition | gcc -Os | gcc -O3 -fno-omit-frame-pointer
// flags: gcc -O2 -ffunction-sections -Wl,--gc-sections | clang -O2
// captures: 3000

#include "exact.h"

#include <setjmp.h>

static jmp_buf back;
static volatile int sum;

__attribute__((cold)) static NOINLINE void rare(int n)
{
    touch_all((size_t)n);
    sum++;
}

// Its call is the last instruction of its callers.
__attribute__((noreturn, cold)) static NOINLINE void leave(int n)
{
    touch((size_t)n + 1);
    rare(n);
    longjmp(back, 1);
}

__attribute__((noreturn)) static NOINLINE void leave_with_frame(int n)
{
    volatile char room[200];
    room[0] = 1;
    touch((size_t)n + 1);
    leave(n);
}

static NOINLINE void ends_with_call(int n)
{
    if (n != -1)
        leave_with_frame(n);
    __builtin_unreachable();
}

static NOINLINE int split(int n)
{
    int a = n * 3, b = n ^ 5, c = n + 9;
    if (__builtin_expect(n % 3 == 0, 0)) {
        rare(a);
        touch((size_t)b + 1);
        if (__builtin_expect(n % 2 == 0, 0))
            leave(c);
        rare(c);
    }
    sum += a + b + c;
    return a;
}

NOINLINE void never_returns_inline(int n)
{
    touch((size_t)n + 1);
    leave(n);
}

int main(void)
{
    for (volatile int i = 0; i < 1000; i++)
        if (!setjmp(back)) {
            switch (rnd(4)) {
            case 0:
                ends_with_call(i % 100);
                break;
            case 1:
                never_returns_inline(i % 100);
                break;
            default:
                split(i);
            }
        }
    return 0;
}
