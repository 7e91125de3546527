/* SPDX-License-Identifier: MIT
 *
 * The worklist of marking: words that point into the cage and were not looked up yet, sorted by the
 * region that they point into (bucket.c tells why).
 *
 * All functions: one thread, scratch memory only. */
#ifndef LEAKGC_BUCKET_H
#define LEAKGC_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../preload/sys.h"

enum {
    BUCKETS = 1024, /* more than BUCKETS_USUAL only where regions would be too large */
    BUCKETS_USUAL = 256,
    BUCKET_CHUNK = 2048,     /* bytes, and its alignment */
    BUCKET_SHIFT_LEAST = 20, /* of a region */
    BUCKET_SHIFT_MOST = 32,
};

/* Of one region: the lower halves of offsets in the cage, in chunks. At a multiple of BUCKET_CHUNK there is
 * no room. */
struct bucket {
    uint32_t *top; /* behind the last one; NULL: there is none */
    uint32_t chunks;
};

struct bucket_chunk {
    struct bucket_chunk *below;
    uint32_t offset[(BUCKET_CHUNK - sizeof(void *)) / sizeof(uint32_t)];
};
_Static_assert(sizeof(struct bucket_chunk) == BUCKET_CHUNK, "chunks are aligned to their size");

struct buckets {
    unsigned shift;                /* of a region: its size is 1 << shift bytes */
    unsigned current;              /* bucket that words are taken from */
    unsigned crowded;              /* bucket that comes next; 0: none */
    unsigned crowd;                /* chunks that make a bucket crowded */
    size_t chunks;                 /* in all buckets */
    struct bucket_chunk *spare;    /* empty ones */
    uint64_t filled[BUCKETS / 64]; /* bit: the bucket has words */
    struct bucket bucket[BUCKETS];
    bool failed; /* no memory: words were dropped */
};

/* For a cage of so many bytes, at most BUCKETS << BUCKET_SHIFT_MOST; *b is all zeros. */
void bucket_init(struct buckets *b, size_t bytes);

/* Out of line. bucket_room: one more chunk; false: no memory. bucket_drop: the uppermost chunk is empty.
 * bucket_go_on: makes a bucket with words the current one; false: there is none. */
bool bucket_room(struct buckets *b, struct bucket *of);
void bucket_drop(struct buckets *b, struct bucket *of);
bool bucket_go_on(struct buckets *b);

/* Chunks for something else. NULL: no memory. */
void *bucket_chunk_new(struct buckets *b);
void bucket_chunk_free(struct buckets *b, void *chunk);

static inline void bucket_put(struct buckets *b, size_t offset)
{
    struct bucket *to = &b->bucket[offset >> b->shift];
    if (unlikely((uintptr_t)to->top % BUCKET_CHUNK == 0) && !bucket_room(b, to))
        return;
    *to->top++ = (uint32_t)offset;
}

/* Whether more should not be put there, because all together would take too much memory. */
static inline bool bucket_is_full(const struct buckets *b)
{
    return b->chunks > (size_t)2 * BUCKETS_USUAL * b->crowd;
}

/* The offsets in the current bucket's uppermost chunk; they can be taken from its end. */
static inline size_t bucket_count(const struct buckets *b)
{
    uintptr_t top = (uintptr_t)b->bucket[b->current].top;
    return top ? ((top - 1) % BUCKET_CHUNK + 1 - offsetof(struct bucket_chunk, offset)) / 4 : 0;
}

/* The last of them. Who takes the last one calls bucket_drop. */
static inline size_t bucket_pop(struct buckets *b)
{
    size_t region = (size_t)b->current << b->shift;
    return (region & ~(size_t)UINT32_MAX) | *--b->bucket[b->current].top;
}

/* Whether there is a single word, then in the current bucket. */
static inline bool bucket_is_single(struct buckets *b)
{
    return b->chunks == 1 && (b->bucket[b->current].top || bucket_go_on(b)) && bucket_count(b) == 1;
}

#endif
