/* SPDX-License-Identifier: MIT
 *
 * Owns large blocks: one span, one record (in the descriptor), any thread may free it.
 * Runs in malloc. Lock: LOCK_CAGE inside the calls to cage.c; the record is the last store of an
 * allocation and the first of a free (I2). */
#include "large.h"

#include "cage.h"
#include "clock.h"

static size_t slices_for(size_t bytes)
{
    return bytes ? (bytes - 1) / SLICE_BYTES + 1 : 1;
}

void *large_alloc(size_t bytes, size_t align, record r, uint32_t thread, bool *ret_zeroed)
{
    size_t align_slices = align > SLICE_BYTES ? align / SLICE_BYTES : 1;
    clock_tick();
    struct slab *s = cage_take(slices_for(bytes), align_slices);
    if (!s)
        return NULL;
    s->records = &s->large_record;
    s->slots = s->fresh = 1;
    s->large_bytes = bytes;
    s->thread = thread;
    *ret_zeroed = s->zeroed;
    cage_publish(s, SLAB_LARGE);
    void *p = (void *)s->base;
    __asm__("" : "+r"(p)); /* as in heap_alloc */
    record_store(&s->large_record, r);
    return p;
}

void large_free(struct slab *s, uint32_t free_trace)
{
    record trace = record_freed(s->large_record, 0) >> 32 << 32;
    record_store(&s->large_record, trace | free_trace); /* no next: the span is the block */
    cage_give(s);
}

uint32_t large_free_trace(const struct slab *s)
{
    return (uint32_t)s->large_record;
}

bool large_resize(struct slab *s, size_t bytes, record r, uint32_t thread)
{
    size_t slices = slices_for(bytes);
    if (slices > s->slices && !cage_extend(s, slices))
        return false;
    if (slices < s->slices)
        cage_trim(s, slices);
    s->large_bytes = bytes;
    s->thread = thread;
    record_store(&s->large_record, r);
    return true;
}
