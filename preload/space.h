/* SPDX-License-Identifier: MIT
 *
 * Address space of the library: one reservation, made once, cut into parts that grow in place.
 *
 *   base                                                                                     end
 *   | meta | pages | traces | scratch | kept | resized | owners | slabs |         cage          |
 *     our own records                                                    the program's blocks:
 *                        "is this word a heap pointer" is one subtract and one compare
 *
 * Everything outside the cage is memory of our own and never a root (I3). */
#ifndef LEAKGC_SPACE_H
#define LEAKGC_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLICE_SHIFT = 16, SLICE_BYTES = 1 << SLICE_SHIFT };

/* [begin, ready) may be touched, [ready, end) is reserved. */
struct space_part {
    uintptr_t begin;
    uintptr_t ready;
    uintptr_t end;
};

/* In the order of their addresses, with nothing between them but padding. */
struct space {
    struct space_part meta;    /* records, registries: meta.c */
    struct space_part pages;   /* which pages of meta are free: meta.c */
    struct space_part traces;  /* call stacks: trace.c */
    struct space_part scratch; /* what one scan needs: scratch_alloc */
    struct space_part kept;    /* what one scan leaves to the next: scanner/kept.c */
    struct space_part resized; /* bit of a slot: space_kept_since */
    struct space_part owners;  /* slice -> head slice of its span: cage.c */
    struct space_part slabs;   /* slice -> struct slab: cage.c */
    struct space_part cage;    /* blocks: cage.c */
};
extern struct space space;

/* Reserves; 0, or -ENOMEM when not even a small cage can be had. Called once, single-threaded. */
int space_init(void);

/* Makes [begin, upto) of a part accessible; false when the system gives no memory. The caller
 * holds the lock that guards the part. */
bool space_grow(struct space_part *part, uintptr_t upto);

/* Pages of the cage may be unreadable although the list of mappings says otherwise: guard regions of
 * madvise(2), protection keys. Once set, it stays. */
extern bool space_has_guards;

/* While a scan is kept for the next one (scanner/kept.c): the birth stamp that it began with; else 0. A block
 * older than that which is resized in place becomes younger than pointers to it may be, and so the bit of its
 * slot is set before its record is. Bits are numbered as marks are (SPACE_SLOT_SHIFT); those of slots beyond
 * space.resized.ready are not wanted. */
extern uint32_t space_kept_since;

/* A slice holds at most 4096 slots of 16 bytes, and a slab of several slices has at most as many. */
enum { SPACE_SLOT_SHIFT = 12 };

/* Whether the address is memory of our own (the cage is not). */
bool space_is_ours(uintptr_t address);

/* Whether a record may be read there, in memory of our own. */
static inline bool space_is_ready(const uint64_t *place)
{
    uintptr_t at = (uintptr_t)place;
    uintptr_t ready = __atomic_load_n(&space.meta.ready, __ATOMIC_RELAXED);
    uintptr_t slabs = __atomic_load_n(&space.slabs.ready, __ATOMIC_RELAXED);
    return at - space.meta.begin < ready - space.meta.begin - 7 ||
           at - space.slabs.begin < slabs - space.slabs.begin - 7;
}

/* The end of the cage's part in use, which grows. */
static inline uintptr_t space_cage_ready(void)
{
    return __atomic_load_n(&space.cage.ready, __ATOMIC_RELAXED);
}

static inline bool space_in_cage(uintptr_t address)
{
    return address - space.cage.begin < space_cage_ready() - space.cage.begin;
}

/* Memory for one scan: zeroed, 64-byte aligned, NULL when there is none. Only one scan runs at a
 * time (LOCK_CHECK). scratch_reset gives all of it back to the system. */
void *scratch_alloc(size_t bytes);
void scratch_reset(void);

#endif
