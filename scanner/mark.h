/* SPDX-License-Identifier: MIT
 *
 * The conservative mark: from words that may be pointers to the blocks that can be reached.
 *
 * Two marks for each slot: reached (through start pointers all the way) and possible (some pointer
 * on the way was interior). A block may be possible first and reachable later. */
#ifndef LEAKGC_MARK_H
#define LEAKGC_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../preload/alloc.h"
#include "../preload/sys.h"
#include "maps.h"

/* What a pointer into a slice of the cage means, as it was when marking began: the slab, and how many
 * words its blocks have. Eight bytes, because the table must stay in the cache. */
struct mark_slice {
    uint32_t head;      /* slice that the slab begins with */
    uint16_t words;     /* of each block that is not odd, or a MARK_ word */
    uint8_t kind;       /* MARK_NOTHING, MARK_LARGE, or MARK_SMALL + size class */
    bool has_odd : 1;   /* blocks with other lengths among them */
    bool has_roots : 1; /* blocks with RECORD_ROOT among them */
};
_Static_assert(sizeof(struct mark_slice) == 8, "eight to a cache line");
enum { MARK_NOTHING, MARK_LARGE, MARK_SMALL, MARK_KINDS = MARK_SMALL + SIZECLASS_COUNT };

/* What slabs of a size class have in common. Of MARK_NOTHING: zeros, so all words lead to bit 0. */
struct mark_kind {
    uint32_t reciprocal;
    uint16_t slot_bytes;
    uint16_t slots;
};
enum {
    MARK_MIXED = 0xffff,   /* the record tells */
    MARK_AWKWARD = 0xfffe, /* mark_contents tells */
};

/* The mark bit of a slot. So bits need no numbering of slabs, and hold while slabs come and go. The
 * bitmaps are touched only where blocks are: two bits for 16 bytes of heap. */
enum { MARK_SLICE_SHIFT = SPACE_SLOT_SHIFT, MARK_SLOT_MASK = (1 << MARK_SLICE_SHIFT) - 1 };

/* Slots of 32 bytes and more leave half of these bits free. There, in `unreached`, so much further, are
 * the bits of odd blocks: those whose length the record tells. Without them each block of a slab
 * whose blocks differ would cost a record's cache line. */
enum { MARK_ODD = 1 << (MARK_SLICE_SHIFT - 1) };

struct mark {
    uint64_t
        *unreached; /* bit: the block was there when marking began, and is not reachable so far */
    uint64_t *possible; /* bit: the block is possible, or was before it became reachable */
    struct mark_slice *slice;
    struct mark_kind kind[MARK_KINDS];
    uintptr_t base, bytes; /* of the cage, as far as the three above go */
    uint64_t *wanted;      /* bit: the page has parts of blocks to be found. NULL: many have */
    bool weak;             /* what is found now is possible at best */
    struct pipe *pipe;     /* what is on its way (flood.h) */
    struct later *later;   /* blocks that only interior pointers were found to */
    const struct maps *maps;
    bool cage_has_holes; /* the program took access from pages of its blocks */
    bool every_byte;     /* words need not be aligned */
    uintptr_t kept_bits; /* of a word; the others are a tag */
    uint64_t
        rest_at_ns; /* 0: never; mark_flood comes back then, or when the scan is to be given up */
    bool rested;    /* it did: there is more to follow */
    uint32_t since_look; /* at the clock: words and lines of blocks that were looked at */
    size_t root_bytes, marked_blocks, marked_bytes; /* what was read so far */
    size_t live_blocks, live_bytes;                 /* all that were noted */
    bool failed; /* no memory for the worklist: the result is void */
};

static inline size_t mark_bits_bytes(size_t slices)
{
    return (slices << MARK_SLICE_SHIFT) / 8;
}

static inline size_t mark_bit(const struct slab *s, size_t index)
{
    return (slab_slice(s) << MARK_SLICE_SHIFT) + index;
}

/* Where the block of a mark bit begins; s: its slab's first slice. */
static inline uintptr_t mark_begin(const struct mark *m, const struct mark_slice *s, size_t bit)
{
    return m->base + ((size_t)s->head << SLICE_SHIFT) +
           (bit & MARK_SLOT_MASK) * m->kind[s->kind].slot_bytes;
}

/* Index of the slot that the word points into. */
static inline size_t mark_index(const struct mark *m, const struct mark_slice *s, uintptr_t word)
{
    size_t offset = word - m->base - ((size_t)s->head << SLICE_SHIFT);
    return offset * m->kind[s->kind].reciprocal >> SLAB_RECIPROCAL_SHIFT;
}

/* The mark bit of the slot that the word points into, if it is one: else a bit that is never set. */
static inline size_t mark_bit_of(const struct mark *m, uintptr_t word)
{
    if (word - m->base >= m->bytes)
        return 0;
    const struct mark_slice *s = &m->slice[(word - m->base) >> SLICE_SHIFT];
    return ((size_t)s->head << MARK_SLICE_SHIFT) + mark_index(m, s, word);
}

static inline bool mark_test(const uint64_t *bits, size_t bit)
{
    return bits[bit / 64] >> bit % 64 & 1;
}

/* Words of the block, or a MARK_ word. */
static inline uint16_t mark_words(const struct mark *m, const struct mark_slice *s, size_t bit)
{
    return s->has_odd && mark_test(m->unreached, bit + MARK_ODD) ? MARK_MIXED : s->words;
}

/* Whether the word may lead to a block that was not reached when marking began. */
static inline bool mark_is_wanted(const struct mark *m, uintptr_t word)
{
    size_t page = (word - m->base) / SYS_PAGE;
    return word - m->base < m->bytes && m->wanted[page / 64] >> page % 64 & 1;
}

/* Whether the slab was there when marking began. */
static inline bool mark_knows(const struct mark *m, const struct slab *s)
{
    return slab_slice(s) << SLICE_SHIFT < m->bytes;
}

/* Whether that was noted of a slab of this shape. */
static inline bool mark_is_of(const struct mark_slice *noted, const struct slab *s)
{
    int kind = s->kind == SLAB_LARGE ? MARK_LARGE : MARK_SMALL + s->size_class;
    return noted->head == slab_slice(s) && noted->kind == kind;
}

/* Of a live block; while the program runs, of one whose slab was noted. Possible: or it was, before it became
 * reachable. */
static inline bool mark_is_reachable(const struct mark *m, const struct slab *s, size_t index)
{
    return !mark_knows(m, s) || !mark_test(m->unreached, mark_bit(s, index));
}
static inline bool mark_is_possible(const struct mark *m, const struct slab *s, size_t index)
{
    return mark_knows(m, s) && mark_test(m->possible, mark_bit(s, index));
}

/* Those of 64 blocks that are neither: bits from 64 * word on. */
static inline uint64_t mark_lost_bits(const struct mark *m, size_t word)
{
    return m->unreached[word] & ~m->possible[word];
}

/* The same while the program runs, in memory that is kept. Slabs that have `slices` or more below them are not
 * known. Nothing was marked, and all is zero, if since is 0; else there are the marks of an earlier scan, which
 * stay for blocks that are older than `since`, or in slots of which the bit `resized` is set; then m->slice has
 * only slabs with blocks to be found. */
struct mark_kept {
    struct mark_slice *shape; /* of all slabs, as noted last */
    uint64_t *unreached, *possible;
    const uint64_t *resized;
    size_t slices;
    uint32_t since;
};
bool mark_init_live(struct mark *m, const struct maps *maps, const struct mark_kept *kept);

/* Notes all blocks and clears the marks; false: no memory. Blocks that appear later count as reachable.
 * The world is stopped and stays so until the last call. */
bool mark_init(struct mark *m, const struct maps *maps);

/* One word of a root, or all aligned words of readable memory [begin, end). */
void mark_word(struct mark *m, uintptr_t word);
void mark_range(struct mark *m, uintptr_t begin, uintptr_t end);

/* The same through a copy, for memory that may be unreadable: what can't be read is passed over. */
void mark_range_safe(struct mark *m, uintptr_t begin, uintptr_t end);

/* A block that counts as reachable for itself; scan: its contents too. */
void mark_block(struct mark *m, const struct block *b, bool scan);

/* Calls visit for each block with RECORD_ROOT, and for others beside them. */
void mark_each_root(const struct mark *m, bool take_lock,
                    void (*visit)(const struct block *b, void *arg), void *arg);

/* Follows pointers until the worklist is empty (I11). */
void mark_flood(struct mark *m);

/* The same while the program runs or for a limited time: until the time rest_at_ns, or until somebody
 * waits for the scan's end (ghost_is_hurried). True: the worklist is empty. What was put off may be
 * taken for reachable where it is possible only. */
bool mark_flood_until(struct mark *m, uint64_t rest_at_ns);
bool mark_is_time_to_rest(struct mark *m);
static inline bool mark_must_rest(struct mark *m)
{
    enum { WORK = 2048 }; /* some 50 ns each */
    return unlikely(m->rest_at_ns != 0) && m->since_look >= WORK && mark_is_time_to_rest(m);
}

/* The live block that a word points to, and whether to its start. A pointer one past the end
 * counts only for C++ `new T[0]`, whose block is a lone count of zero. */
bool mark_resolve(uintptr_t word, struct block *ret_block, bool *ret_start);

/* Calls visit for each run of the block's contents that is present and readable. */
void mark_contents(const struct mark *m, const struct block *b,
                   void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg);

/* Calls visit for every lost block, in ascending order of address. */
void mark_each_lost(const struct mark *m, void (*visit)(uintptr_t begin, size_t bit, void *arg),
                    void *arg);

/* Calls visit for every live block, in ascending order of address. mark_each_running: the same while the program
 * runs, under LOCK_CAGE; blocks that come and go meanwhile may be visited or not. */
void mark_each_block(void (*visit)(const struct block *b, void *arg), void *arg);
void mark_each_running(void (*visit)(const struct block *b, void *arg), void *arg);

#endif
