// SPDX-License-Identifier: MIT
//
// Bursts: many blocks are allocated at once and freed at once, in the same, the opposite or a mixed
// order. Memory swings between 0.1 and about 3 MB.

#include "bench.h"

enum { BLOCKS = 24000 };

struct item {
    struct item *next;
    uint32_t bytes, tag;
};

static NOINLINE struct item *item_new(uint64_t *random)
{
    uint32_t bytes = 24 + draw_below(random, 200);
    struct item *item = malloc(bytes);
    item->bytes = bytes;
    item->tag = (uint32_t)draw(random);
    return item;
}

static NOINLINE void fill(struct item **items, uint32_t count, uint64_t *random)
{
    for (uint32_t i = 0; i < count; i++)
        items[i] = item_new(random);
}

static NOINLINE void shuffle(struct item **items, uint32_t count, uint64_t *random)
{
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t other = draw_below(random, i + 1);
        struct item *swapped = items[i];
        items[i] = items[other];
        items[other] = swapped;
    }
}

static NOINLINE uint64_t release(struct item *item)
{
    uint64_t value = item->bytes ^ item->tag;
    free(item);
    return value;
}

static NOINLINE uint64_t release_all(struct item **items, uint32_t count, int backwards)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum = mix(sum, release(items[backwards ? count - 1 - i : i]));
    return sum;
}

static NOINLINE uint64_t one_burst(struct item **items, uint32_t round, uint64_t *random)
{
    uint32_t count = BLOCKS / (1 + round % 4);
    fill(items, count, random);
    if (round % 4 == 3)
        shuffle(items, count, random);
    return release_all(items, count, round % 2 == 1);
}

static NOINLINE uint64_t many_bursts(long size)
{
    struct item **items = malloc(BLOCKS * sizeof *items);
    uint64_t sum = 0, random = 19;
    for (long i = 0; i < size; i++)
        sum = mix(sum, one_burst(items, (uint32_t)i, &random));
    free(items);
    return sum;
}

int main(int argc, char **argv)
{
    return finish(many_bursts(size_argument(argc, argv)));
}
