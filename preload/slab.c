/* SPDX-License-Identifier: MIT
 *
 * Owns the inside of a small slab: its slots, their records, its free list (slab.h has the
 * drawing and the identities).
 *
 * The idea: the free list runs through the records, not through the blocks. malloc has to write
 * the record anyway, so the list costs no extra cache line; a block that the program scribbles on
 * after free can't break the allocator; and "is it live" is one bit of the same word.
 *
 * Runs in malloc, by the owning thread. Locks: none of its own. Which thread owns a slab, and
 * what happens when it ends, is heap.c's. */
#include "slab.h"

#include <string.h>

#include "assert.h"
#include "cage.h"
#include "meta.h"
#include "options.h"
#include "sizeclass.h"

enum { EXTEND_BYTES = 4096, EXTEND_LEAST = 4, DENSE_SLICES = 64 };

/* Slices in slabs of each class. */
static uint32_t class_slices[SIZECLASS_COUNT];

/* A class with many slabs fills the next one too. */
static struct slab *take_span(unsigned size_class)
{
    unsigned slices = sizeclass_slices(size_class);
    bool dense = __atomic_load_n(&class_slices[size_class], __ATOMIC_RELAXED) >= DENSE_SLICES;
    struct slab *s = dense ? cage_take_dense(slices) : cage_take(slices, 1);
    if (s)
        __atomic_add_fetch(&class_slices[size_class], slices, __ATOMIC_RELAXED);
    return s;
}

static void set_free_traces(struct slab *s)
{
    s->free_traces = options.free_stacks ? meta_alloc_zeroed(s->slots * sizeof(uint32_t)) : NULL;
}

struct slab *slab_create(unsigned size_class, struct heap *owner, uint32_t thread)
{
    unsigned slices = sizeclass_slices(size_class);
    size_t slot_bytes = sizeclass_bytes(size_class);
    size_t slots = ((size_t)slices << SLICE_SHIFT) / slot_bytes;
    record *records = meta_alloc(slots * sizeof *records);
    struct slab *s = records ? take_span(size_class) : NULL;
    if (!s) {
        meta_free(records, slots * sizeof *records);
        return NULL;
    }
    s->records = records;
    s->reciprocal =
        (uint32_t)((((uint64_t)1 << SLAB_RECIPROCAL_SHIFT) + slot_bytes - 1) / slot_bytes);
    s->slot_bytes = (uint32_t)slot_bytes;
    s->slots = (uint16_t)slots;
    s->free = SLOT_END;
    s->size_class = (uint8_t)size_class;
    s->remote = REMOTE_EMPTY;
    s->owner = owner;
    s->thread = thread;
    set_free_traces(s);
    slab_set_local(s, s->free_traces ? NULL : owner);
    s->slow_at = SLAB_NEVER;
    cage_publish(s, SLAB_SMALL);
    return s;
}

void slab_destroy(struct slab *s)
{
    ASSERT(s->used == 0 && slab_is_valid(s));
    record *records = s->records;
    size_t slots = s->slots;
    slab_set_local(s, NULL);
    meta_free(s->former, slots * sizeof *s->former);
    meta_free(s->free_traces, slots * sizeof *s->free_traces);
    __atomic_sub_fetch(&class_slices[s->size_class], s->slices, __ATOMIC_RELAXED);
    cage_give(s);
    meta_free(records, slots * sizeof *records);
}

bool slab_collect(struct slab *s)
{
    uint64_t taken = __atomic_load_n(&s->remote, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&s->remote, &taken,
                                        REMOTE_EMPTY | (taken & (REMOTE_FULL | REMOTE_RETURNING)),
                                        true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        ;
    size_t count = taken >> REMOTE_COUNT_SHIFT & 0xffff;
    if (!count)
        return false;
    size_t last = taken & 0xffff;
    for (size_t i = 1; i < count; i++)
        last = record_next(s->records[last]);
    record_store(&s->records[last], record_freed(s->records[last], s->free));
    s->free = (uint16_t)taken;
    slab_set_used(s, s->used - count);
    return true;
}

bool slab_extend(struct slab *s)
{
    size_t n = EXTEND_BYTES / s->slot_bytes;
    n = n < EXTEND_LEAST ? EXTEND_LEAST : n;
    size_t end = s->fresh + n < s->slots ? s->fresh + n : s->slots;
    if (s->fresh == end)
        return false;
    for (size_t i = end; i-- > s->fresh;) {
        record_store(&s->records[i], record_freed(0, s->free));
        s->free = (uint16_t)i;
    }
    __atomic_store_n(&s->fresh, (uint16_t)end, __ATOMIC_RELEASE);
    return true;
}

void slab_rebuild(struct slab *s)
{
    s->free = SLOT_END;
    slab_set_used(s, 0);
    s->remote = REMOTE_EMPTY;
    for (size_t i = s->fresh; i-- > 0;) {
        if (record_is_live(s->records[i])) {
            s->records[i] |= RECORD_ROOT; /* its thread, which may have held it, is not here */
            slab_set_used(s, s->used + 1u);
        } else {
            s->records[i] = record_freed(s->records[i], s->free);
            s->free = (uint16_t)i;
        }
    }
    s->needs_rebuild = false;
}

void slab_stamp_former(struct slab *s)
{
    uint32_t *former = s->former;
    if (!s->used)
        return;
    if (!former)
        former = meta_alloc_zeroed(s->slots * sizeof *former);
    for (size_t i = 0; former && i < s->fresh; i++)
        if (record_is_live(record_load(&s->records[i])) && !slab_former(former, i))
            slab_set_former(former, i, s->thread + 1);
    __atomic_store_n(&s->former, former, __ATOMIC_RELEASE);
}

uint32_t slab_thread_of(const struct slab *s, size_t index)
{
    if (s->kind == SLAB_SMALL && s->former && s->former[index])
        return s->former[index] - 1;
    return s->thread;
}

bool slab_is_valid(const struct slab *s)
{
    /* First, because other threads may be freeing right now: what they add from here on is counted as
     * live or not at all, never twice. */
    size_t remote = __atomic_load_n(&s->remote, __ATOMIC_ACQUIRE) >> REMOTE_COUNT_SHIFT & 0xffff;
    size_t live = 0;
    size_t listed = 0;
    for (size_t i = 0; i < s->fresh; i++)
        live += record_is_live(record_load(&s->records[i]));
    for (size_t i = s->free; i != SLOT_END; i = record_next(s->records[i])) {
        if (i >= s->fresh || record_is_live(s->records[i]) || ++listed > s->slots)
            return false;
    }
    return s->slots == s->used + listed + (size_t)(s->slots - s->fresh) && live + remote <= s->used;
}
