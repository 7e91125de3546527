/* SPDX-License-Identifier: MIT
 *
 * Allocation as the program means it: sizes and alignments in, recorded blocks out. The functions
 * of the malloc family (hooks.c) are thin names over these. `frame` is CAPTURE_FRAME of the entry
 * point. All are thread-safe; errno is changed only on failure (I6). */
#ifndef LEAKGC_ALLOC_H
#define LEAKGC_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "clock.h"
#include "heap.h"
#include "lock.h"
#include "sizeclass.h"
#include "slab.h"
#include "stack_cache.h"
#include "sys.h"
#include "thread.h"
#include "verify.h"

enum { ALIGN_LEAST = 16 };
enum { ALLOC_TICK = 256 }; /* so many blocks of the short way before the clock is looked at */

/* A new block, zeroed if asked; align is a power of two. NULL and ENOMEM on failure. */
void *alloc_new(size_t bytes, size_t align, bool zero, const uintptr_t *frame);

/* The same for a small block of a thread in its ordinary state, whose call stack was not found at once. */
void *alloc_follow(size_t bytes, bool zero, const uintptr_t *frame, struct stack_hint hint);

/* The same whose call stack was found, but whose slab is full. */
void *alloc_refill(size_t bytes, bool zero, const uintptr_t *frame);

/* The same for any block of ordinary alignment, by the short way if possible: a small block for a
 * thread in its ordinary state, from a slab with room, at a call stack that is remembered. No lock, no
 * atomic read-modify-write, no system call; the record is one store. */
__attribute__((always_inline)) static inline void *alloc_quick(size_t bytes, bool zero,
                                                               const uintptr_t *frame)
{
    struct thread *self = thread_self_or_null();
    if (unlikely(!self || bytes > SIZECLASS_QUICK || lock_held || self->special))
        return alloc_new(bytes, ALIGN_LEAST, zero, frame);
    struct stack_hint hint;
    record r = stack_cache_find(&self->stacks, frame, &hint);
    if (unlikely(!r))
        return alloc_follow(bytes, zero, frame, hint);
    struct heap *h = self->heap;
    struct slab *s = h->current[sizeclass_quick(bytes)];
    if (unlikely(s->free == SLOT_END || __atomic_load_n(&h->returned, __ATOMIC_RELAXED)))
        return alloc_refill(bytes, zero, frame);
    if (unlikely(self->stacks.hits % ALLOC_TICK == 0)) /* steady programs take no other way */
        clock_tick();
    verify_capture(frame, r, VERIFY_CACHED);
    bool zeroed;
    void *p = heap_take(s, bytes, r | clock_birth(), &zeroed);
    return zero && !zeroed ? memset(p, 0, bytes) : p;
}

/* Up to here the pointer is in a register or on the stack: a scan that stops the thread while the block
 * still counts as live finds it. */
static inline void alloc_keep(const void *p)
{
    __asm__ volatile("" : : "r"(p) : "memory");
}

/* The short way of a free: a live block in the first slice of a slab of the thread's own, which is told
 * by the slice's own descriptor: no other has `local`. false: alloc_free has to look at it, nothing
 * was changed. */
__attribute__((always_inline)) static inline bool alloc_quick_free(void *p)
{
    struct thread *self = thread_self_or_null();
    uintptr_t address = (uintptr_t)p;
    if (unlikely(!space_in_cage(address) || !self || lock_held))
        return false;
    struct slab *s = slab_at((address - space.cage.begin) >> SLICE_SHIFT);
    size_t offset = address % SLICE_BYTES;
    size_t index = offset * s->reciprocal >> SLAB_RECIPROCAL_SHIFT;
    if (unlikely(slab_local(s) != self->heap || index >= s->fresh))
        return false;
    record r = record_load(&s->records[index]);
    if (unlikely(!record_is_live(r) || index * s->slot_bytes != offset))
        return false;
    bool slow = heap_put(s, index, r);
    alloc_keep(p);
    if (unlikely(slow))
        heap_free_slow(self->heap, s);
    return true;
}

/* Frees; NULL is allowed. Anything that is not a live block ends in alloc_error_handler. */
void alloc_free(void *p, const uintptr_t *frame);

/* realloc: p NULL allocates, bytes 0 frees and returns NULL. */
void *alloc_resize(void *p, size_t bytes, const uintptr_t *frame);

/* Requested size of a live block; 0 for NULL. */
size_t alloc_bytes(const void *p, const uintptr_t *frame);

/* A block, found from any address inside it. */
struct block {
    struct slab *slab;
    size_t index;
    uintptr_t begin;
    size_t bytes; /* requested */
    record record;
};

/* Finds the live block whose [begin, begin + max(bytes, 1)) holds the address. Lock-free. */
bool alloc_find(uintptr_t address, struct block *ret_block);

/* A wrong call of the program. */
enum alloc_error { ERROR_DOUBLE_FREE, ERROR_INTERIOR, ERROR_FOREIGN };
struct alloc_failure {
    enum alloc_error error;
    const char *verb; /* "free", "realloc", "malloc_usable_size" */
    uintptr_t address;
    struct block block; /* INTERIOR: the live block; DOUBLE_FREE: begin, bytes */
    uint32_t allocated; /* trace of the allocation, 0: not known */
    uint32_t freed;     /* trace of the first free, 0: not known */
    const uintptr_t *frame;
};

/* Tells the person; returns to let the process abort. Set once by report/. */
extern void (*alloc_error_handler)(const struct alloc_failure *);

/* Totals, by a walk over the spans: O(slices). */
struct alloc_stats {
    size_t live_blocks, live_bytes; /* slots in use, and their bytes */
    size_t mapped_bytes, free_bytes, large_blocks, large_bytes;
};
struct alloc_stats alloc_stats(void);

/* Blocks allocated so far, those made larger or smaller among them; of living threads as of now, to within a few. Takes
 * LOCK_THREADS. */
uint64_t alloc_count(void);

#endif
