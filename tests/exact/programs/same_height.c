// SPDX-License-Identifier: MIT
//
// Many functions with equal frames call one another at random: the same height of the stack, and
// often the same caller of malloc, are reached by many different paths.
//
// flags: gcc -O0 | gcc -O1 | gcc -O2 | gcc -O3 | gcc -Os | gcc -O1 -fno-omit-frame-pointer | gcc -O2 -mno-red-zone
// flags: gcc -O2 -fstack-protector-all -fcf-protection | gcc -O2 -fno-plt -Wl,-z,now | gcc -O1 -static-libgcc -s
// flags: clang -O0 | clang -O1 | clang -O2 -fno-omit-frame-pointer | clang -Os -fomit-frame-pointer
// captures: 5000
// uses: cached>100 joined>100 libunwind=0
// control: VERIFY_BREAK=8
// control: VERIFY_BREAK=20

#include "exact.h"

typedef void function(int, int);
static function *const all[16];

#define FUNCTION(n)                                                                                \
    static NOINLINE void f##n(int left, int size)                                                  \
    {                                                                                              \
        volatile char room[32];                                                                    \
        room[left & 31] = (char)size;                                                              \
        if (left)                                                                                  \
            all[rnd(16)](left - 1, size + n);                                                      \
        else                                                                                       \
            touch(16 + (size_t)size);                                                              \
        ENDS;                                                                                      \
    }
FUNCTION(0)
FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)
FUNCTION(6)
FUNCTION(7)
FUNCTION(8)
FUNCTION(9)
FUNCTION(10)
FUNCTION(11)
FUNCTION(12)
FUNCTION(13)
FUNCTION(14)
FUNCTION(15)

static function *const all[16] = {f0, f1, f2,  f3,  f4,  f5,  f6,  f7,
                                  f8, f9, f10, f11, f12, f13, f14, f15};

int main(void)
{
    for (int i = 0; i < 3000; i++)
        all[rnd(16)](1 + (int)rnd(3), 1);
    for (int i = 0; i < 2000; i++)
        all[rnd(16)](8, 1);
    for (int i = 0; i < 1000; i++)
        all[rnd(16)](40, 1);
    return 0;
}
