// SPDX-License-Identifier: MIT
//
// Owns: what the workloads share. Each takes its size as the one argument, is the same in every run
// (numbers come from `draw`), and prints a sum of what it computed: equal under every allocator.

#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A frame of its own on the call stack, as functions of real programs mostly have.
#define NOINLINE __attribute__((noinline))

// The next random number (xorshift); *state must not be 0.
static inline uint64_t draw(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

// One of 0 to limit - 1.
static inline uint32_t draw_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)(((draw(state) >> 32) * limit) >> 32);
}

static inline uint64_t mix(uint64_t sum, uint64_t value)
{
    return (sum ^ value) * 0x9e3779b97f4a7c15u + (sum >> 29);
}

static inline uint64_t mix_text(uint64_t sum, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ (uint8_t)text[i]) * 0x100000001b3u;
    return sum;
}

static inline long size_argument(int argc, char **argv)
{
    long size = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (size > 0)
        return size;
    fprintf(stderr, "usage: %s SIZE\n", argv[0]);
    exit(2);
}

static inline int finish(uint64_t sum)
{
    printf("%016llx\n", (unsigned long long)sum);
    return 0;
}

#endif
