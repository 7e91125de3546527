/* SPDX-License-Identifier: MIT
 *
 * The conservative mark: from words that may be pointers to the blocks that can be reached.
 *
 * Two marks for each slot: `reachable` (through start pointers all the way) and `possible` (some
 * pointer on the way was interior). A block may be marked possible first and reachable later. */
#ifndef LEAKGC_MARK_H
#define LEAKGC_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../preload/alloc.h"
#include "maps.h"

/* How a block was found. */
enum strength { STRENGTH_POSSIBLE, STRENGTH_REACHABLE };

enum { MARK_AHEAD = 32 };
struct mark_candidate {
    uintptr_t word;
    enum strength source;
};

struct mark {
    uint64_t *reachable; /* bitmaps over the cage, see mark_bit */
    uint64_t *possible;
    size_t bits;        /* in each; what the cage has grown by since then counts as reachable */
    struct work *work;  /* starts of blocks still to be scanned: a stack of chunks */
    struct work *spare; /* an empty chunk, kept for the next time */
    /* What is on its way (mark.c): words, and starts of blocks; rings, oldest at `first`. */
    struct mark_candidate candidate[MARK_AHEAD];
    uintptr_t block[MARK_AHEAD];
    unsigned first_candidate, candidates, first_block, blocks;
    const struct maps *maps;
    bool cage_has_holes; /* the program took access from pages of its blocks */
    bool failed;         /* no memory for the worklist: the result is void */
};

/* The mark bit of a slot: a slice holds at most 4096 slots of 16 bytes, and a slab of several slices
 * has at most as many. So bits need no numbering of slabs, and hold while slabs come and go. The
 * bitmaps are touched only where blocks are: two bits for 16 bytes of heap. */
enum { MARK_SLICE_SHIFT = 12 };
static inline size_t mark_bit(const struct slab *s, size_t index)
{
    return (slab_slice(s) << MARK_SLICE_SHIFT) + index;
}

/* Allocates the bitmaps; false: no memory. The world is stopped
 * and stays so until the last call. */
bool mark_init(struct mark *m, const struct maps *maps);

/* One word of a root, or all aligned words of readable memory [begin, end). */
void mark_word(struct mark *m, uintptr_t word);
void mark_range(struct mark *m, uintptr_t begin, uintptr_t end);

/* The same through a copy, for memory that may be unreadable: what can't be read is passed over. */
void mark_range_safe(struct mark *m, uintptr_t begin, uintptr_t end);

/* A block that counts as reachable for itself; scan: its contents too. */
void mark_block(struct mark *m, const struct block *b, bool scan);

/* Follows pointers until the worklist is empty (I11). */
void mark_flood(struct mark *m);

bool mark_is_reachable(const struct mark *m, const struct slab *s, size_t index);
bool mark_is_possible(const struct mark *m, const struct slab *s, size_t index);

/* The live block that a word points to, and whether to its start. A pointer one past the end
 * counts only for C++ `new T[0]`, whose block is a lone count of zero. */
bool mark_resolve(uintptr_t word, struct block *ret_block, bool *ret_start);

/* Calls visit for each run of the block's contents that is present and readable. */
void mark_contents(const struct mark *m, const struct block *b,
                   void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg);

/* Calls visit for every live block, in ascending order of address. */
void mark_each_block(void (*visit)(const struct block *b, void *arg), void *arg);

#endif
