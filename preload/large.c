/* SPDX-License-Identifier: MIT
 *
 * Owns large blocks: one span, one record (in the descriptor), any thread may free it.
 *
 * A block that grows and has no room is not copied: its pages are moved to the new span by the
 * kernel. (To a span with pages of its own it is: a copy is cheaper than new pages.) A move makes a
 * mapping of its own, because a mapping is known by where it was first; so when the block goes its span
 * is mapped anew, which unites it with its neighbours, if no scan follows writes just then. At most
 * MOVED_MOST such blocks live at a time, far below the kernel's limit of mappings. The kernel refuses to
 * move what lies across mappings of which one is, or was, followed; after that realloc copies.
 *
 * Runs in malloc. Lock: LOCK_CAGE inside the calls to cage.c, and round a move, so that no scan finds
 * the contents in neither place; the record is the last store of an allocation and the first of a
 * free (I2). */
#include "large.h"

#include <errno.h>
#include <string.h>

#include "cage.h"
#include "clock.h"
#include "lock.h"
#include "sys.h"

enum { MOVE_LEAST = 16, MOVED_MOST = 4096 };

static uint32_t moved_count;
static bool move_refused; /* by an old kernel, a sandbox, a limit */

static size_t slices_for(size_t bytes)
{
    return bytes ? (bytes - 1) / SLICE_BYTES + 1 : 1;
}

static size_t span_bytes(const struct slab *s)
{
    return (size_t)s->slices << SLICE_SHIFT;
}

static void set_up(struct slab *s, size_t bytes, uint32_t thread)
{
    s->records = &s->large_record;
    s->slots = s->fresh = 1;
    s->large_bytes = bytes;
    s->thread = thread;
}

void *large_alloc(size_t bytes, size_t align, record r, uint32_t thread, bool *ret_zeroed)
{
    size_t align_slices = align > SLICE_BYTES ? align / SLICE_BYTES : 1;
    clock_tick();
    clock_count(bytes);
    struct slab *s = cage_take(slices_for(bytes), align_slices);
    if (!s)
        return NULL;
    set_up(s, bytes, thread);
    *ret_zeroed = s->zeroed;
    cage_publish(s, SLAB_LARGE);
    void *p = (void *)s->base;
    __asm__("" : "+r"(p)); /* as in heap_alloc */
    record_store(&s->large_record, r);
    return p;
}

static void mark_freed(struct slab *s, uint32_t free_trace)
{
    record trace = record_freed(s->large_record, 0) >> 32 << 32;
    record_store(&s->large_record, trace | free_trace); /* no next: the span is the block */
}

/* Ends the mapping that a move made. */
static bool unite(struct slab *s)
{
    lock_take(LOCK_CAGE);
    bool done = !cage_is_followed && !sys_renew((void *)s->base, span_bytes(s));
    lock_release(LOCK_CAGE);
    if (!done)
        return false;
    s->moved = NOT_MOVED;
    __atomic_sub_fetch(&moved_count, 1, __ATOMIC_RELAXED);
    return true;
}

void large_free(struct slab *s, uint32_t free_trace)
{
    mark_freed(s, free_trace);
    if (s->moved && unite(s)) {
        cage_give_clean(s);
        return;
    }
    if (s->moved == MOVED)
        sys_discard((void *)s->base, span_bytes(s));
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
    if (slices < s->slices &&
        s->moved == MOVED) /* no scan has taken its pages in (scanner/dirty.c) */
        return false;
    if (slices < s->slices)
        cage_trim(s, slices);
    s->large_bytes = bytes;
    s->thread = thread;
    slab_note_resized(s, 0, s->large_record);
    record_store(&s->large_record, r);
    return true;
}

/* After a failed move. Over several mappings the kernel may have moved the first of them (Linux 6.17):
 * what is in `to`, zero before, is missing in s. For want of memory it may have unmapped `to`, or a part
 * of it; if others map something there meanwhile, it is not ours any more: false. */
static bool bring_back(struct slab *s, struct slab *to, int error)
{
    const size_t words = SLICE_BYTES / sizeof(uint64_t);
    if (error == -ENOMEM && !sys_fill((void *)to->base, span_bytes(s)))
        return true;
    for (size_t at = 0; at < s->slices * words; at += words) {
        const uint64_t *from = (uint64_t *)to->base + at;
        uint64_t *back = (uint64_t *)s->base + at;
        if (sys_fill((void *)from, SLICE_BYTES) == -EEXIST)
            for (size_t i = 0; i < words; i++)
                if (from[i])
                    back[i] = from[i];
    }
    return error != -ENOMEM;
}

/* The pages of s to the span `to`, and the record with them. If it fails s is as it was, and `to` is
 * given back. */
static bool move_pages(struct slab *s, struct slab *to, record r, uint32_t free_trace)
{
    bool ours = true;
    lock_take(LOCK_CAGE);
    int error = -EBUSY;
    if (!cage_is_followed) {
        error = sys_move((void *)s->base, (void *)to->base, span_bytes(s));
        if (error) {
            move_refused = true;
            ours = bring_back(s, to, error);
        }
    }
    if (!error) {
        to->moved = MOVED;
        record_store(&to->large_record, r);
        mark_freed(s, free_trace);
    }
    lock_release(LOCK_CAGE);
    if (error && ours)
        cage_give(to);
    return !error;
}

void *large_move(struct slab *s, size_t bytes, record r, uint32_t thread, uint32_t free_trace)
{
    size_t slices = slices_for(bytes);
    if (move_refused || s->slices < MOVE_LEAST || slices <= s->slices ||
        __atomic_load_n(&moved_count, __ATOMIC_RELAXED) >= MOVED_MOST)
        return NULL;
    struct slab *to = cage_take(slices, 1);
    if (!to)
        return NULL;
    set_up(to, bytes, thread);
    cage_publish(to, SLAB_LARGE);
    void *p = (void *)to->base;
    __asm__("" : "+r"(p)); /* as in heap_alloc */
    if (!to->zeroed) {
        record_store(&to->large_record,
                     r); /* first: or what is written now would belong to no block */
        memcpy(p, (void *)s->base, s->large_bytes);
        large_free(s, free_trace);
        return p;
    }
    if (!move_pages(s, to, r, free_trace))
        return NULL;
    __atomic_add_fetch(&moved_count, 1, __ATOMIC_RELAXED);
    if (!s->moved || unite(s))
        cage_give_clean(s);
    else
        cage_give(s);
    return p;
}
