// SPDX-License-Identifier: MIT
//
// Depths round every limit: one function, two in turns, and ten thousand frames.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer | clang -O2
// options: | stack_depth=1 | stack_depth=2 | stack_depth=256
// captures: 2000

#include "exact.h"

static volatile int sum;
static NOINLINE void two(int left);

static NOINLINE void one(int left)
{
    if (left)
        one(left - 1);
    else
        touch(40);
    sum++;
}

static NOINLINE void other(int left)
{
    volatile char room[100];
    room[left & 63] = 1;
    if (left)
        two(left - 1);
    else
        touch_all(10);
    sum++;
}

static NOINLINE void two(int left)
{
    if (left)
        other(left - 1);
    else
        touch(30);
    sum++;
}

int main(void)
{
    static const int depths[] = {0,   1,   2,   3,   26,  27,  28,  29,  30,  31,  32,
                                 33,  34,  35,  62,  63,  64,  65,  127, 128, 129, 240,
                                 250, 251, 252, 253, 254, 255, 256, 257, 300, 1000};
    for (int round = 0; round < 20; round++)
        for (size_t i = 0; i < ARRAY_SIZE(depths); i++) {
            one(depths[i]);
            two(depths[i]);
        }
    for (int i = 0; i < 20; i++) {
        one(10000 + i % 3);
        two(10000 + i % 3);
    }
    return 0;
}
