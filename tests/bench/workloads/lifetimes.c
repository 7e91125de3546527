// SPDX-License-Identifier: MIT
//
// Mixed lifetimes and sizes: a cache of 150,000 objects in which random ones are replaced; small sizes are
// common, large ones rare (8 bytes to 16 KiB, each power of two half as often as the one before). Fragments.

#include "bench.h"

enum { OBJECTS = 150000 };

struct object {
    uint32_t bytes, tag;
};

struct cache {
    struct object *objects[OBJECTS];
    uint64_t random, sum;
};

static NOINLINE uint32_t pick_size(uint64_t *random)
{
    uint32_t power = (uint32_t)__builtin_ctzll(draw(random) | 1u << 10);
    return (16u << power) + draw_below(random, 16u << power);
}

static NOINLINE struct object *object_new(struct cache *cache)
{
    uint32_t bytes = pick_size(&cache->random);
    struct object *object = malloc(bytes);
    object->bytes = bytes;
    object->tag = (uint32_t)draw(&cache->random);
    return object;
}

static NOINLINE void evict(struct cache *cache, uint32_t slot)
{
    struct object *object = cache->objects[slot];
    if (object)
        cache->sum = mix(cache->sum, object->bytes + object->tag);
    free(object);
    cache->objects[slot] = NULL;
}

static NOINLINE void replace(struct cache *cache, uint32_t slot)
{
    evict(cache, slot);
    cache->objects[slot] = object_new(cache);
}

static NOINLINE void access_some(struct cache *cache, int count)
{
    for (int i = 0; i < count; i++)
        replace(cache, draw_below(&cache->random, OBJECTS));
}

int main(int argc, char **argv)
{
    static struct cache cache = {.random = 23};
    for (long i = size_argument(argc, argv); i > 0; i--)
        access_some(&cache, 1000);
    for (uint32_t i = 0; i < OBJECTS; i++)
        evict(&cache, i);
    return finish(cache.sum);
}
