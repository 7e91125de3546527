// SPDX-License-Identifier: MIT
//
// The caller of malloc and the stack pointer are always the same; which function stands K frames
// further up changes with every call, for each K, in turns and at random.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer | clang -O2 | clang -O2 -fno-omit-frame-pointer
// options: | stack_depth=1 | stack_depth=2 | stack_depth=6
// captures: 6000
// uses: cached>100

#include "exact.h"

#define HEIGHT 8
typedef void function(unsigned, int);
static function *const pairs[HEIGHT + 1][2];
static volatile int sum;

// Bit K of the path chooses which of two equal functions stands at level K.
#define LEVEL(k)                                                                                   \
    static NOINLINE void left##k(unsigned path, int level)                                         \
    {                                                                                              \
        pairs[level + 1][path >> (level + 1) & 1](path, level + 1);                                \
        sum++;                                                                                     \
    }                                                                                              \
    static NOINLINE void right##k(unsigned path, int level)                                        \
    {                                                                                              \
        pairs[level + 1][path >> (level + 1) & 1](path, level + 1);                                \
        sum--;                                                                                     \
    }
LEVEL(0)
LEVEL(1)
LEVEL(2)
LEVEL(3)
LEVEL(4)
LEVEL(5)
LEVEL(6)
LEVEL(7)

static NOINLINE void leaf(unsigned path, int level)
{
    touch(path % 100 + 1);
    sum += level;
}

static function *const pairs[HEIGHT + 1][2] = {{left0, right0}, {left1, right1}, {left2, right2},
                                               {left3, right3}, {left4, right4}, {left5, right5},
                                               {left6, right6}, {left7, right7}, {leaf, leaf}};

int main(void)
{
    for (int k = 0; k < HEIGHT; k++)
        for (int i = 0; i < 250; i++)
            pairs[0][(i & 1) << k & 1](((unsigned)i & 1) << k, 0); // one level in turns
    for (int i = 0; i < 4000; i++) {
        unsigned path = rnd(256);
        pairs[0][path & 1](path, 0);
    }
    return 0;
}
