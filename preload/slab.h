/* SPDX-License-Identifier: MIT
 *
 * A span of the cage and its descriptor. A span is a run of slices that serves one purpose: a slab
 * of equal slots, one large block, or free space. Descriptors lie in an array, one per slice, used
 * at the head slice of each span, so that slice number, address and descriptor are one another by
 * arithmetic.
 *
 *   cage      | slab of 64-byte slots | large block ............. | free ...... | slab ...
 *   slices    |          7            |    8      9      10       |  11    12   |  13
 *   owners[]  |          7            |    8      8       8       |  11    11   |  13
 *   slabs[]   |          *            |    *                      |   *         |   *
 *
 * Identities of a small slab that the owner is not just changing:
 *   slots = used + length(free list) + (slots - fresh)
 *   used  = live records + length(remote list)
 *
 * Who writes what: `remote` any thread (atomic); `owner` under LOCK_ORPHANS or at creation; all
 * else the owning thread only, or under LOCK_ORPHANS while there is no owner. */
#ifndef LEAKGC_SLAB_H
#define LEAKGC_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"
#include "space.h"

struct heap;

enum slab_kind {
    SLAB_NONE,  /* not the head of a span */
    SLAB_FREE,  /* free space */
    SLAB_SMALL, /* equal slots */
    SLAB_LARGE, /* one block */
};

/* Frees by other threads: a list through the records, its length, "the owner believes that the slab
 * is full and must be told", and "somebody is telling it". */
enum { REMOTE_COUNT_SHIFT = 16 };
#define REMOTE_FULL ((uint64_t)1 << 32)
#define REMOTE_RETURNING ((uint64_t)1 << 33)
#define REMOTE_EMPTY ((uint64_t)SLOT_END)

/* Whether the pages of a large block were moved here, in a mapping of their own. */
enum moved { NOT_MOVED, MOVED, MOVED_AND_FOLLOWED /* a scan knows (scanner/dirty.c) */ };

struct slab {
    record *records; /* [slots]; of a large block: &large_record */
    uintptr_t base;
    struct heap *local;  /* the owner, if its frees may go the short way (alloc.h); else NULL */
    uint32_t reciprocal; /* 2^SLAB_RECIPROCAL_SHIFT / slot_bytes, rounded up; 0 for a large block */
    uint32_t slot_bytes;
    uint16_t slots;
    uint16_t fresh; /* slots [fresh, slots) were never handed out and have no record yet */
    uint16_t free;  /* head of the owner's free list, or SLOT_END */
    uint16_t used;
    uint16_t slow_at; /* when `used` has fallen to this, the slab changes its list (heap.c) */
    uint8_t kind;
    uint8_t size_class;
    union {
        bool in_full;  /* on its heap's full list */
        uint8_t moved; /* large block: enum moved */
    };
    bool zeroed;     /* slots never used are still zero */
    uint32_t slices; /* length of the span */
    uint32_t thread; /* number of the thread that allocates here */
    uint64_t remote;
    struct heap *owner; /* NULL: none (orphan, large) */

    struct slab *next, *prev; /* list of the heap, of the orphans, or of free spans */
    struct slab *returned_next;
    union {
        uint32_t *former;   /* small: [slots] thread of blocks of a former owner, or NULL */
        size_t large_bytes; /* large: requested size */
    };
    uint32_t *free_traces; /* [slots] trace of the last free, or NULL (option free_stacks) */
    record large_record;
    union {
        struct { /* of a free span: slices that may hold data and pages (cage.c) */
            uint32_t dirty;
            bool dirty_first, dirty_last;
        };
        struct {
            bool listed;        /* orphan that is on the list */
            bool needs_rebuild; /* orphan by fork: trust only the records */
        };
    };
};
/* A slab has at most 2^19 bytes, a slot at least 16: with 2^35 the product below stays exact, and
 * within 64 bits. */
enum { SLAB_RECIPROCAL_SHIFT = 35, SLAB_NEVER = 0xffff };

_Static_assert(sizeof(struct slab) <= 128, "space.c reserves 128 bytes for each slice");

static inline struct slab *slab_at(size_t slice)
{
    return (struct slab *)(space.slabs.begin + slice * 128);
}
static inline size_t slab_slice(const struct slab *s)
{
    return ((uintptr_t)s - space.slabs.begin) / 128;
}
static inline uintptr_t slice_address(size_t slice)
{
    return space.cage.begin + slice * SLICE_BYTES;
}

/* The span that an address of the cage (space_in_cage) lies in, if it is or was in use. The answer
 * may be stale for an address that is in no block: check slab_index. */
static inline struct slab *slab_of(uintptr_t address)
{
    size_t slice = (address - space.cage.begin) >> SLICE_SHIFT;
    uint32_t head = __atomic_load_n((uint32_t *)space.owners.begin + slice, __ATOMIC_ACQUIRE);
    return slab_at(head);
}

/* Index of the slot of a small slab that the address, if it lies in the slab, lies in. */
static inline size_t slab_index_in(const struct slab *s, uintptr_t address)
{
    return (uint64_t)(address - s->base) * s->reciprocal >> SLAB_RECIPROCAL_SHIFT;
}

/* Index of the slot that the address lies in; >= s->fresh: in none. */
static inline size_t slab_index(const struct slab *s, uintptr_t address)
{
    uintptr_t offset = address - s->base;
    if (offset >= (uintptr_t)__atomic_load_n(&s->slices, __ATOMIC_RELAXED) << SLICE_SHIFT)
        return SLOT_END;
    return slab_index_in(s, address);
}
static inline uintptr_t slab_slot(const struct slab *s, size_t index)
{
    return s->base + index * s->slot_bytes;
}

/* Requested size of a block, from its record. */
static inline size_t slab_block_bytes(const struct slab *s, record r)
{
    return s->kind == SLAB_LARGE ? s->large_bytes : s->slot_bytes - record_slack(r);
}

/* Other threads look at `local`, and never find their own heap there. */
static inline struct heap *slab_local(const struct slab *s)
{
    return __atomic_load_n(&s->local, __ATOMIC_RELAXED);
}
static inline void slab_set_local(struct slab *s, struct heap *h)
{
    __atomic_store_n(&s->local, h, __ATOMIC_RELAXED);
}

/* Other threads look at `used` (heap.c, free_remote). */
static inline void slab_set_used(struct slab *s, size_t used)
{
    __atomic_store_n(&s->used, (uint16_t)used, __ATOMIC_RELAXED);
}

/* Before the new record of a block that is resized in place is stored, and after its birth stamp was read. */
static inline void slab_note_resized(const struct slab *s, size_t index, record old)
{
    size_t slot = (slab_slice(s) << SPACE_SLOT_SHIFT) + index;
    uint64_t *bits = (uint64_t *)space.resized.begin + slot / 64;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (record_birth(old) < __atomic_load_n(&space_kept_since, __ATOMIC_ACQUIRE) &&
        (uintptr_t)bits < __atomic_load_n(&space.resized.ready, __ATOMIC_ACQUIRE))
        __atomic_fetch_or(bits, (uint64_t)1 << slot % 64, __ATOMIC_RELAXED);
}

/* A new small slab, empty; NULL when there is no memory. */
struct slab *slab_create(unsigned size_class, struct heap *owner, uint32_t thread);

/* Gives an empty slab back to the cage. */
void slab_destroy(struct slab *s);

/* Owner only: moves what other threads freed to the free list; true when there was anything. */
bool slab_collect(struct slab *s);

/* Owner only: links some never-used slots into the free list; false when there are none. */
bool slab_extend(struct slab *s);

/* Rebuilds free list and counts from the records alone. For slabs of threads that a child of fork
 * does not have; their blocks become roots, because only those threads' stacks may have held them. */
void slab_rebuild(struct slab *s);

/* One entry of slab.former: thread number + 1, 0 for the present owner. Other threads clear it. */
static inline uint32_t slab_former(const uint32_t *former, size_t index)
{
    return __atomic_load_n(&former[index], __ATOMIC_RELAXED);
}
static inline void slab_set_former(uint32_t *former, size_t index, uint32_t value)
{
    __atomic_store_n(&former[index], value, __ATOMIC_RELAXED);
}

/* Remembers that the live blocks were allocated by s->thread, before another takes over. */
void slab_stamp_former(struct slab *s);

/* Number of the thread that allocated the block in slot `index`. */
uint32_t slab_thread_of(const struct slab *s, size_t index);

/* The identities above; O(slots). For debug builds and tests, called by the owner. */
bool slab_is_valid(const struct slab *s);

#endif
