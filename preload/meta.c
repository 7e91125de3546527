/* SPDX-License-Identifier: MIT
 *
 * Owns the memory of our own records. Powers of two from 16 bytes, a free list for each, new
 * memory cut from the front of space.meta.
 *
 *   space.meta:  | cut off already, in use or on a free list | next ...            ready ... end |
 *
 * Freed pieces of a page or more are kept as they are: they are record arrays of slabs, and the
 * next slab wants one. Runs in malloc. Lock: LOCK_META, the innermost. */
#include "meta.h"

#include <stdint.h>
#include <string.h>

#include "assert.h"
#include "lock.h"
#include "space.h"

enum { SHIFT_LEAST = 4, SHIFT_COUNT = 48 };

struct piece {
    struct piece *next;
};

static struct piece *free_lists[SHIFT_COUNT];
static uintptr_t next;
long meta_fail_after = -1;

static unsigned shift_of(size_t bytes)
{
    if (bytes <= 1u << SHIFT_LEAST)
        return SHIFT_LEAST;
    return 64 - (unsigned)__builtin_clzl(bytes - 1);
}

static void *alloc_locked(unsigned shift)
{
    struct piece *p = free_lists[shift];
    if (p) {
        free_lists[shift] = p->next;
        return p;
    }
    size_t bytes = (size_t)1 << shift;
    if (!next)
        next = space.meta.begin;
    if (bytes > space.meta.end - next || !space_grow(&space.meta, next + bytes))
        return NULL;
    p = (struct piece *)next;
    next += bytes;
    return p;
}

void *meta_alloc(size_t bytes)
{
    unsigned shift = shift_of(bytes);
    if (shift >= SHIFT_COUNT)
        return NULL;
    lock_take(LOCK_META);
    void *p = meta_fail_after == 0 ? NULL : alloc_locked(shift);
    if (meta_fail_after >= 0)
        meta_fail_after--;
    lock_release(LOCK_META);
    return p;
}

void *meta_alloc_zeroed(size_t bytes)
{
    void *p = meta_alloc(bytes);
    return p ? memset(p, 0, bytes) : NULL;
}

void meta_free(void *memory, size_t bytes)
{
    struct piece *p = memory;
    if (!p)
        return;
    unsigned shift = shift_of(bytes);
    lock_take(LOCK_META);
    p->next = free_lists[shift];
    free_lists[shift] = p;
    lock_release(LOCK_META);
}
