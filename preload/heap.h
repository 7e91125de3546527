/* SPDX-License-Identifier: MIT
 *
 * Heaps: each thread owns one, and allocates from its slabs without a lock or an atomic operation.
 * A block may be freed by any thread. When a thread ends its slabs become orphans, which other
 * threads adopt (the scheme of Leijen, Zorn, de Moura, "Mimalloc: free list sharding", 2019). */
#ifndef LEAKGC_HEAP_H
#define LEAKGC_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"
#include "sizeclass.h"
#include "slab.h"

struct heap {
    struct slab *current[SIZECLASS_COUNT]; /* head of the list of slabs with room; never NULL */
    struct slab *full[SIZECLASS_COUNT];    /* slabs found full */
    struct slab *returned;                 /* atomic stack: full slabs in which others freed */
    uint32_t thread;                       /* number of the owning thread */
    struct heap *next_free;                /* while it has no thread */
};

/* A heap for the calling thread, whose number is `thread`; NULL: no memory. */
struct heap *heap_open(uint32_t thread);

/* Leaves the slabs to others. The heap may be given to a new thread. */
void heap_close(struct heap *h);

/* The heap that serves threads without one; the caller holds LOCK_SHARED round heap_alloc. */
struct heap *heap_shared(void);

/* A block of the class; r is its record without slack, which is added here from `bytes`. Owner
 * only. *ret_zeroed: its memory is known to be zero. NULL: no memory. */
void *heap_alloc(struct heap *h, unsigned size_class, size_t bytes, record r, bool *ret_zeroed);

/* Takes the first slot of a slab's free list, which is not empty. Owner only. */
static inline void *heap_take(struct slab *s, size_t bytes, record r, bool *ret_zeroed)
{
    size_t index = s->free;
    record *place = &s->records[index];
    record old = record_load(place);
    s->free = record_next(old);
    slab_set_used(s, s->used + 1u);
    *ret_zeroed = s->zeroed && record_trace(old) == 0;
    void *p = (void *)slab_slot(s, index);
    __asm__("" : "+r"(p)); /* the address is in a register before the block can be seen (I2) */
    if (!p)
        __builtin_unreachable();
    record_store(place, record_with_slack(r, (uint32_t)(s->slot_bytes - bytes)));
    return p;
}

/* Puts slot `index`, whose record is r, on the free list; true: heap_free_slow has to follow. Owner
 * only. */
static inline bool heap_put(struct slab *s, size_t index, record r)
{
    record_store(&s->records[index], record_freed(r, s->free));
    s->free = (uint16_t)index;
    slab_set_used(s, s->used - 1u);
    return s->used == s->slow_at;
}

/* Owner only: moves a slab to the list where it belongs now. */
void heap_free_slow(struct heap *h, struct slab *s);

/* Frees slot `index` of s on behalf of a thread whose heap is h, or NULL. */
void heap_free(struct heap *h, struct slab *s, size_t index);

/* In a forked child: the slabs of all heaps but `mine` and the shared one become orphans. */
void heap_after_fork(struct heap *mine);

/* Gives empty orphans back to the cage. */
void heap_release_orphans(void);

/* Owner only: checks every slab of the heap; for debug builds and tests. */
bool heap_is_valid(const struct heap *h);

#endif
