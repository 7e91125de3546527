// SPDX-License-Identifier: MIT
//
// Functions that use RBP as a general register stand between functions that use it as a frame
// pointer; what they put there looks like a frame, like nothing, or like code.
//
// flags: gcc -O0 | gcc -O2 | gcc -Os | gcc -O2 -fno-omit-frame-pointer -DFRAMES_TOO
// flags: clang -O2 | clang -O1 -fomit-frame-pointer
// captures: 4000
// uses: cached>10 joined>10 libunwind=0

#include "exact.h"

static volatile int sum;
static NOINLINE void next(int left, uintptr_t value);

#ifdef __clang__
#define FRAMED
#define FRAMELESS
#else
#define FRAMED __attribute__((optimize("no-omit-frame-pointer")))
#define FRAMELESS __attribute__((optimize("omit-frame-pointer", "O2")))
#endif

FRAMED static NOINLINE void framed(int left, uintptr_t value)
{
    next(left, value);
    sum++;
}

// Needs more values across the call than there are other callee-saved registers: RBP gets one.
FRAMELESS static NOINLINE void frameless(int left, uintptr_t value)
{
    uintptr_t a = value, b = value + 1, c = value * 3, d = value ^ 5, e = value - 7, f = value;
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
    next(left, value);
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
    sum += (int)(a + b + c + d + e + f);
}

#if defined(__OPTIMIZE__) && !defined(FRAMES_TOO)
FRAMELESS static NOINLINE void clobbering(int left, uintptr_t value)
{
    uintptr_t kept = value;
    __asm__ volatile("mov %0, %%rbp" : "+r"(kept) : : "rbp");
    next(left, kept);
    sum++;
}
#else
#define clobbering frameless
#endif

static NOINLINE void next(int left, uintptr_t value)
{
    if (!left) {
        touch(value % 200 + 1);
        sum++;
        return;
    }
    switch (rnd(3)) {
    case 0:
        framed(left - 1, (uintptr_t)&left);
        break;
    case 1:
        frameless(left - 1, (uintptr_t)__builtin_frame_address(0));
        break;
    default:
        clobbering(left - 1, (uintptr_t)&next);
    }
    sum--;
}

int main(void)
{
    for (int i = 0; i < 3000; i++)
        next(1 + (int)rnd(6), (uintptr_t)i);
    for (int i = 0; i < 2000; i++)
        next(1 + (int)rnd(12), ~(uintptr_t)i);
    return 0;
}
