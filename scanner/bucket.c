/* SPDX-License-Identifier: MIT
 *
 * Owns the order in which marking goes through a heap.
 *
 * The idea: a heap is much larger than what the processor can reach at once, its TLB above all, and
 * pointers lead anywhere. So the cage is cut into regions, a word that was found waits in its region's bucket,
 * and regions are visited one after the other: while one is, its slices, its marks and its blocks are
 * near. That is radix clustering (Manegold, Boncz, Kersten, "Optimizing main-memory join on modern hardware",
 * 2002), done to a worklist.
 *
 *   found words  ->  bucket 0 | 1 | 2 | ...      each a stack of chunks of half-offsets
 *                             ^ current: emptied, then the next by address that has any
 *
 * A bucket that gets crowded comes next, whatever its address: so all of them together stay near half a
 * percent of the heap, and below two, or 2 MB (bucket_is_full). Words are not looked at before they are
 * put here: one that leads to nothing new costs four bytes, and less time than a mark that is far away.
 *
 * Runs with the world stopped, or beside the program in the thread of our own: scratch memory only. */
#include "bucket.h"

#include "../preload/space.h"

enum { CHUNKS_AT_ONCE = 32, CROWD = 2 };

void bucket_init(struct buckets *b, size_t bytes)
{
    b->shift = BUCKET_SHIFT_LEAST;
    while ((bytes - 1) >> b->shift >= BUCKETS_USUAL && b->shift < BUCKET_SHIFT_MOST)
        b->shift++;
    b->crowd = (unsigned)CROWD << (b->shift - BUCKET_SHIFT_LEAST);
}

static bool more_chunks(struct buckets *b)
{
    const uintptr_t most = BUCKET_CHUNK - 1;
    uintptr_t begin = (uintptr_t)scratch_alloc(CHUNKS_AT_ONCE * BUCKET_CHUNK + most);
    if (!begin)
        return false;
    struct bucket_chunk *chunk = (void *)((begin + most) & ~most);
    for (size_t i = 0; i < CHUNKS_AT_ONCE; i++)
        bucket_chunk_free(b, &chunk[i]);
    return true;
}

void *bucket_chunk_new(struct buckets *b)
{
    if (!b->spare && !more_chunks(b)) {
        b->failed = true;
        return NULL;
    }
    struct bucket_chunk *chunk = b->spare;
    b->spare = chunk->below;
    return chunk;
}

void bucket_chunk_free(struct buckets *b, void *chunk)
{
    struct bucket_chunk *c = chunk;
    c->below = b->spare;
    b->spare = c;
}

static void note_filled(struct buckets *b, size_t bucket, bool filled)
{
    uint64_t bit = (uint64_t)1 << bucket % 64;
    b->filled[bucket / 64] = filled ? b->filled[bucket / 64] | bit : b->filled[bucket / 64] & ~bit;
}

bool bucket_room(struct buckets *b, struct bucket *of)
{
    struct bucket_chunk *chunk = bucket_chunk_new(b);
    if (!chunk)
        return false;
    chunk->below = of->top ? (struct bucket_chunk *)(void *)of->top - 1 : NULL;
    of->top = chunk->offset;
    b->chunks++;
    if (++of->chunks > b->crowd)
        b->crowded = (unsigned)(of - b->bucket);
    note_filled(b, (size_t)(of - b->bucket), true);
    return true;
}

void bucket_drop(struct buckets *b, struct bucket *of)
{
    struct bucket_chunk *chunk = (void *)((uintptr_t)of->top & -(uintptr_t)BUCKET_CHUNK);
    of->top = chunk->below ? (void *)(chunk->below + 1) : NULL;
    of->chunks--;
    b->chunks--;
    if (!of->top)
        note_filled(b, (size_t)(of - b->bucket), false);
    bucket_chunk_free(b, chunk);
}

/* The crowded one, or the next by address, in a circle. */
bool bucket_go_on(struct buckets *b)
{
    const size_t words = BUCKETS / 64;
    unsigned crowded = b->crowded;
    uint64_t behind = ~(uint64_t)0 << b->current % 64;
    b->crowded = 0;
    if (crowded && b->bucket[crowded].top) {
        b->current = crowded;
        return true;
    }
    for (size_t i = 0; i <= words; i++, behind = ~(uint64_t)0) {
        size_t at = (b->current / 64 + i) % words;
        if (b->filled[at] & behind) {
            b->current = (unsigned)(64 * at + (size_t)__builtin_ctzl(b->filled[at] & behind));
            return true;
        }
    }
    return false;
}
