/* SPDX-License-Identifier: MIT
 *
 * The cage: the address range that all blocks of the program come from, handed out in spans of
 * 64 KiB slices. slab.h has the drawing and the lookup. */
#ifndef LEAKGC_CAGE_H
#define LEAKGC_CAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "slab.h"

/* A span of at least one slice, its base a multiple of align_slices * 64 KiB (power of two). The
 * descriptor is cleared but for base, slices and zeroed (the memory is known to be zero), and its
 * kind is SLAB_NONE until cage_publish. NULL: no memory. */
struct slab *cage_take(size_t slices, size_t align_slices);

/* The same, unaligned, for a span that will soon be touched all over. */
struct slab *cage_take_dense(size_t slices);

/* From now on lookups find the span. */
void cage_publish(struct slab *s, enum slab_kind kind);

/* Gives a span back. Its descriptor keeps base and large_record until the space is used again, so
 * that a double free can be explained. */
void cage_give(struct slab *s);

/* The same, if the caller has made its memory zero and its pages absent. */
void cage_give_clean(struct slab *s);

/* Grows or shrinks a large span in place; growing may fail (false) and leaves in s->zeroed whether
 * the new slices are zero. Other threads may look it up meanwhile. */
bool cage_extend(struct slab *s, size_t slices);
void cage_trim(struct slab *s, size_t slices);

/* Gives all free pages back to the system; the bytes that may have held data. */
size_t cage_purge(void);

/* While a scan follows what is written to the cage (scanner/dirty.h): no mapping in it may be made
 * anew, for what is written there would not be seen. Changed and asked under LOCK_CAGE. */
extern bool cage_is_followed;

/* Slices ever used: [1, cage_top()) are spans back to back. Take LOCK_CAGE round a walk. */
size_t cage_top(void);

struct cage_stats {
    size_t mapped_bytes; /* spans in use */
    size_t free_bytes;   /* free spans */
    size_t dirty_bytes;  /* of them, not yet given back */
};
struct cage_stats cage_stats(void);

/* The identities of cage.c; O(slices). For debug builds and tests. */
bool cage_is_valid(void);

#endif
