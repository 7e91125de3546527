/* SPDX-License-Identifier: MIT
 *
 * Owns the path of an allocation from size to recorded block, and of a free back.
 *
 *   alloc_new: stack -> record -> (thread's heap | shared heap | large) -> block
 *
 * Runs in malloc. The stack is captured before any lock (I7). A pointer that comes back is proven
 * against its record before anything is changed; what is not a live block is told and the process
 * aborts, as with glibc. In a signal handler that interrupted one of our critical sections
 * (lock_held) allocation fails and free does nothing: better than to wait for oneself. */
#include "alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cage.h"
#include "capture.h"
#include "clock.h"
#include "heap.h"
#include "init.h"
#include "large.h"
#include "lock.h"
#include "log.h"
#include "options.h"
#include "sizeclass.h"
#include "sys.h"
#include "thread.h"
#include "trace.h"

void (*alloc_error_handler)(const struct alloc_failure *);

/* The smallest class with room for the bytes whose slots are all aligned; SIZECLASS_COUNT: none.
 * Slabs begin at multiples of 64 KiB, so a slot is aligned if the class size is. */
static unsigned class_for(size_t bytes, size_t align)
{
    if (align <= ALIGN_LEAST)
        return bytes <= SIZECLASS_MOST ? sizeclass_of(bytes) : SIZECLASS_COUNT;
    size_t least = bytes > align ? bytes : align;
    if (least > SIZECLASS_MOST)
        return SIZECLASS_COUNT;
    unsigned cls = sizeclass_of(least);
    while (cls < SIZECLASS_COUNT && sizeclass_bytes(cls) % align)
        cls++;
    if (cls < SIZECLASS_COUNT && sizeclass_bytes(cls) - bytes > RECORD_SLACK_MOST)
        return SIZECLASS_COUNT;
    return cls;
}

static record new_record(struct thread *self, const uintptr_t *frame)
{
    record r = capture(frame) | clock_birth();
    return self && self->disabled ? r | RECORD_ROOT : r;
}

static void *small_alloc(struct thread *self, unsigned cls, size_t bytes, record r, bool *zeroed)
{
    if (likely(self && self->heap))
        return heap_alloc(self->heap, cls, bytes, r, zeroed);
    lock_take(LOCK_SHARED);
    void *p = heap_alloc(heap_shared(), cls, bytes, r, zeroed);
    lock_release(LOCK_SHARED);
    return p;
}

void *alloc_new(size_t bytes, size_t align, bool zero, const uintptr_t *frame)
{
    struct thread *self = thread_current();
    void *p = NULL;
    bool zeroed = false;
    if (likely(bytes <= PTRDIFF_MAX && !lock_held) && (self || init_early())) {
        record r = new_record(self, frame);
        unsigned cls = class_for(bytes, align);
        if (cls < SIZECLASS_COUNT)
            p = small_alloc(self, cls, bytes, r, &zeroed);
        else
            p = large_alloc(bytes, align, r, self ? self->number : 0, &zeroed);
    }
    if (!p)
        errno = ENOMEM;
    else if (zero && !zeroed)
        memset(p, 0, bytes);
    return p;
}

void *alloc_refill(size_t bytes, bool zero, const uintptr_t *frame)
{
    struct stack_cache *stacks = &thread_self_or_null()->stacks;
    if (stacks->hits % ALLOC_TICK == 0) /* as in alloc_quick, which would miss it */
        clock_tick();
    stacks->hits--; /* it is looked for again */
    return alloc_new(bytes, ALIGN_LEAST, zero, frame);
}

void *alloc_follow(size_t bytes, bool zero, const uintptr_t *frame, struct stack_hint hint)
{
    struct thread *self = thread_self_or_null();
    record r = stack_cache_follow(&self->stacks, frame, hint);
    bool zeroed = false;
    if (likely(r))
        verify_capture(frame, r, VERIFY_CACHED);
    else
        r = capture_walk(frame);
    void *p = heap_alloc(self->heap, sizeclass_quick(bytes), bytes, r | clock_birth(), &zeroed);
    if (!p)
        errno = ENOMEM;
    else if (zero && !zeroed)
        memset(p, 0, bytes);
    return p;
}

/* --- From pointer to block -------------------------------------------------------------------- */

/* The slot that the address lies in, live or not; false: none. */
static bool find_slot(uintptr_t address, struct block *ret)
{
    if (!space_in_cage(address))
        return false;
    struct slab *s = slab_of(address);
    uint8_t kind = __atomic_load_n(&s->kind, __ATOMIC_ACQUIRE);
    if (kind != SLAB_SMALL && kind != SLAB_LARGE)
        return false;
    size_t index = slab_index(s, address);
    if (index >= __atomic_load_n(&s->fresh, __ATOMIC_ACQUIRE))
        return false;
    ret->slab = s;
    ret->index = index;
    ret->begin = slab_slot(s, index);
    ret->record = record_load(&s->records[index]);
    ret->bytes = slab_block_bytes(s, ret->record);
    return true;
}

/* A scan asks while the slab may be given back and made anew. Then the answer may be wrong for a block
 * that is gone; but nothing outside of our memory is read, and no block leaves the cage. */
bool alloc_find(uintptr_t address, struct block *ret_block)
{
    if (!space_in_cage(address))
        return false;
    struct slab *s = slab_of(address);
    uint8_t kind = __atomic_load_n(&s->kind, __ATOMIC_ACQUIRE);
    size_t index = slab_index(s, address);
    const record *place = __atomic_load_n(&s->records, __ATOMIC_RELAXED) + index;
    if ((kind != SLAB_SMALL && kind != SLAB_LARGE) ||
        index >= __atomic_load_n(&s->fresh, __ATOMIC_ACQUIRE) || !space_is_ready(place))
        return false;
    struct block b = {.slab = s, .index = index, .record = record_load(place)};
    b.begin = slab_slot(s, index);
    b.bytes = slab_block_bytes(s, b.record);
    *ret_block = b;
    return record_is_live(b.record) && address - b.begin < b.bytes + (b.bytes == 0) &&
           space_in_cage(b.begin) && b.bytes <= space_cage_ready() - b.begin;
}

/* Out of line: explains a pointer that is not the start of a live block, and aborts. */
static _Noreturn __attribute__((cold, noinline)) void fail(const char *verb, uintptr_t address,
                                                           const uintptr_t *frame)
{
    struct alloc_failure f = {
        .error = ERROR_FOREIGN, .verb = verb, .address = address, .frame = frame};
    /* The descriptor at the very slice: after a free its span may be part of a larger one. */
    struct slab *s =
        space_in_cage(address) ? slab_at((address - space.cage.begin) >> SLICE_SHIFT) : NULL;
    if (find_slot(address, &f.block)) {
        uint32_t trace = record_trace(f.block.record);
        if (record_is_live(f.block.record)) {
            f.error = ERROR_INTERIOR;
            f.allocated = trace;
        } else if (trace && f.block.begin == address) {
            f.error = ERROR_DOUBLE_FREE;
            f.allocated = trace;
            f.freed = f.block.slab->free_traces ? f.block.slab->free_traces[f.block.index] : 0;
        }
    } else if (s && s->base == address && record_trace(s->large_record)) {
        f.error = ERROR_DOUBLE_FREE; /* a large block, and nothing has taken its place yet */
        f.block.bytes = s->large_bytes;
        f.allocated = record_trace(s->large_record);
        f.freed = large_free_trace(s);
    }
    if (alloc_error_handler)
        alloc_error_handler(&f);
    else
        log_say("ERROR: invalid %s of %p", verb, (void *)address);
    abort();
}

/* The live block that p is the start of, or the end of the process. */
static struct block block_of(const void *p, const char *verb, const uintptr_t *frame)
{
    struct block b;
    if (unlikely(!find_slot((uintptr_t)p, &b) || !record_is_live(b.record) ||
                 b.begin != (uintptr_t)p))
        fail(verb, (uintptr_t)p, frame);
    return b;
}

static void free_block(const struct block *b, const uintptr_t *frame)
{
    struct slab *s = b->slab;
    struct thread *self = thread_self_or_null();
    uint32_t trace = unlikely(options.free_stacks) ? record_trace(capture(frame)) : 0;
    if (unlikely(s->kind == SLAB_LARGE)) {
        large_free(s, trace);
        return;
    }
    if (unlikely(s->free_traces != NULL))
        s->free_traces[b->index] = trace;
    heap_free(self ? self->heap : NULL, s, b->index);
}

void alloc_free(void *p, const uintptr_t *frame)
{
    if (!p || unlikely(lock_held))
        return;
    struct block b = block_of(p, "free", frame);
    free_block(&b, frame);
    alloc_keep(p);
}

size_t alloc_bytes(const void *p, const uintptr_t *frame)
{
    return p ? block_of(p, "malloc_usable_size", frame).bytes : 0;
}

/* --- Resizing --------------------------------------------------------------------------------- */

/* In place, or by moving its pages; NULL: neither. */
static void *resize_large(const struct block *b, size_t bytes, struct thread *self,
                          const uintptr_t *frame)
{
    uint32_t thread = self ? self->number : 0;
    if (bytes <= SIZECLASS_MOST)
        return NULL;
    record r = new_record(self, frame);
    if (large_resize(b->slab, bytes, r, thread))
        return (void *)b->begin;
    uint32_t trace = unlikely(options.free_stacks) ? record_trace(r) : 0;
    return large_move(b->slab, bytes, r, thread, trace);
}

/* In place where the slot or the run allows, and not where that would waste more than half. */
static bool resize_in_place(const struct block *b, size_t bytes, struct thread *self,
                            const uintptr_t *frame)
{
    struct slab *s = b->slab;
    if (bytes > s->slot_bytes || bytes < s->slot_bytes / 2 ||
        s->slot_bytes - bytes > RECORD_SLACK_MOST)
        return false;
    record r = record_with_slack(new_record(self, frame), (uint32_t)(s->slot_bytes - bytes));
    slab_note_resized(s, b->index, b->record);
    record_store(&s->records[b->index], r);
    return true;
}

void *alloc_resize(void *p, size_t bytes, const uintptr_t *frame)
{
    if (!p)
        return alloc_new(bytes, ALIGN_LEAST, false, frame);
    struct block b = block_of(p, "realloc", frame);
    if (bytes == 0) {
        free_block(&b, frame);
        alloc_keep(p);
        return NULL;
    }
    if (bytes > PTRDIFF_MAX) {
        errno = ENOMEM;
        return NULL;
    }
    struct thread *self = thread_current();
    void *to = NULL;
    if (b.slab->kind == SLAB_LARGE)
        to = resize_large(&b, bytes, self, frame);
    else if (resize_in_place(&b, bytes, self, frame))
        to = p;
    if (to)
        return to;
    to = alloc_new(bytes, ALIGN_LEAST, false, frame);
    if (!to)
        return NULL;
    memcpy(to, p, b.bytes < bytes ? b.bytes : bytes);
    free_block(&b, frame);
    alloc_keep(p);
    return to;
}

struct alloc_stats alloc_stats(void)
{
    struct cage_stats cage = cage_stats();
    struct alloc_stats stats = {.mapped_bytes = cage.mapped_bytes, .free_bytes = cage.free_bytes};
    lock_take(LOCK_CAGE);
    for (size_t slice = 1; slice < cage_top(); slice += slab_at(slice)->slices) {
        const struct slab *s = slab_at(slice);
        if (s->kind == SLAB_SMALL) {
            stats.live_blocks += s->used;
            stats.live_bytes += (size_t)s->used * s->slot_bytes;
        } else if (s->kind == SLAB_LARGE) {
            stats.large_blocks++;
            stats.large_bytes += (size_t)s->slices * SLICE_BYTES;
        }
    }
    lock_release(LOCK_CAGE);
    stats.live_blocks += stats.large_blocks;
    stats.live_bytes += stats.large_bytes;
    return stats;
}

static bool count_stacks(struct thread *t, void *arg)
{
    uint64_t *count = arg;
    *count += stack_cache_count(&t->stacks);
    return true;
}

uint64_t alloc_count(void)
{
    lock_take(LOCK_THREADS);
    uint64_t count = stack_cache_past();
    thread_all_locked(count_stacks, &count);
    lock_release(LOCK_THREADS);
    return count;
}
