// SPDX-License-Identifier: MIT
//
// The cost of one pair of malloc(64) and free at a certain depth of the call stack.
//
//   pair DEPTH PAIRS REPEATS
//
// Prints nanoseconds per pair, one line for each repeat. DEPTH counts all frames of the call stack, from
// the caller of malloc to _start; those between are different functions with frames of 16 to 256 bytes.

#include <time.h>

#include "bench.h"

enum {
    OUTSIDE = 5
}; // frames that are no level: allocate, main, and three of the C runtime below main

static volatile long pairs;
static void *volatile escaped; // so that the compiler keeps the pair

static NOINLINE void allocate(int depth)
{
    (void)depth;
    for (long i = pairs; i > 0; i--) {
        void *block = malloc(64);
        escaped = block;
        free(block);
    }
}

// A function with a frame of its own that goes on to the next one until the depth is reached.
#define LEVEL(number, next, bytes)                                                                 \
    static NOINLINE void level_##number(int depth)                                                 \
    {                                                                                              \
        volatile char frame[bytes];                                                                \
        frame[0] = (char)depth;                                                                    \
        if (depth <= 0)                                                                            \
            allocate(depth);                                                                       \
        else                                                                                       \
            next(depth - 1);                                                                       \
        frame[bytes - 1] = frame[0];                                                               \
    }

LEVEL(30, allocate, 16)
LEVEL(29, level_30, 48)
LEVEL(28, level_29, 96)
LEVEL(27, level_28, 16)
LEVEL(26, level_27, 32)
LEVEL(25, level_26, 256)
LEVEL(24, level_25, 64)
LEVEL(23, level_24, 16)
LEVEL(22, level_23, 128)
LEVEL(21, level_22, 40)
LEVEL(20, level_21, 24)
LEVEL(19, level_20, 80)
LEVEL(18, level_19, 16)
LEVEL(17, level_18, 32)
LEVEL(16, level_17, 200)
LEVEL(15, level_16, 16)
LEVEL(14, level_15, 48)
LEVEL(13, level_14, 64)
LEVEL(12, level_13, 96)
LEVEL(11, level_12, 16)
LEVEL(10, level_11, 32)
LEVEL(9, level_10, 128)
LEVEL(8, level_9, 64)
LEVEL(7, level_8, 16)
LEVEL(6, level_7, 48)
LEVEL(5, level_6, 24)
LEVEL(4, level_5, 40)
LEVEL(3, level_4, 16)
LEVEL(2, level_3, 80)
LEVEL(1, level_2, 32)

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    int depth = argc == 4 ? atoi(argv[1]) : 0;
    pairs = argc == 4 ? atol(argv[2]) : 0;
    if (depth < OUTSIDE || depth > OUTSIDE + 30 || pairs < 1) {
        fprintf(stderr, "usage: pair DEPTH PAIRS REPEATS   (depth 5 to 35)\n");
        return 2;
    }
    for (int repeats = atoi(argv[3]); repeats > 0; repeats--) {
        double begin = now_ns();
        if (depth == OUTSIDE)
            allocate(0);
        else
            level_1(depth - OUTSIDE - 1);
        printf("%.3f\n", (now_ns() - begin) / (double)pairs);
    }
    return 0;
}
