/* SPDX-License-Identifier: MIT
 *
 * Following pointers (flood.c tells how): what is written once and compiled for each way of looking
 * through words. flood.c has the plain one, flood_<arch>.c others. */
#ifndef LEAKGC_FLOOD_H
#define LEAKGC_FLOOD_H

#include "bucket.h"
#include "mark.h"

#include "../preload/sys.h"

#define FLOOD_INLINE __attribute__((always_inline)) static inline

enum {
    FLOOD_BATCH = 32,    /* words that are looked up together */
    FLOOD_RING = 64,     /* blocks on their way from memory */
    FLOOD_PATIENCE = 32, /* of them, those that wait while there are more: the rest is a batch */
    FLOOD_PIECE = 512,   /* words looked through at a time */
    FLOOD_SCATTER = 64,  /* words that are put into buckets together, or a few more */
    FLOOD_SLACK = 8,     /* a filter may write so many words behind its hits */
    FLOOD_HITS = FLOOD_PIECE + FLOOD_SCATTER,
};

struct flood_item {
    uintptr_t begin;
    size_t words; /* or MARK_MIXED, MARK_AWKWARD */
};

/* What is on its way. Each stage asks the processor for what the next one reads. */
struct pipe {
    unsigned first, blocks; /* of the ring; the oldest is at `first` */
    size_t hits, words;
    uintptr_t begin[FLOOD_RING]; /* the ring: blocks and their words */
    size_t length[FLOOD_RING];
    uintptr_t hit[FLOOD_BATCH]; /* words that were looked up: */
    size_t bit[FLOOD_BATCH];    /* their mark bits */
    /* Words that point into the cage. Aligned: what is written at once and read word by word soon
     * after must not cross a cache line. */
    uintptr_t word[FLOOD_HITS + FLOOD_SLACK] __attribute__((aligned(64)));
    struct buckets waiting;
    struct later *reached; /* blocks that are not even in the ring */
};

/* Copies those of the words that are less than `bytes` above `base`; returns how many. `hits` has room
 * for all of them and FLOOD_SLACK more. Each word is read once. */
typedef size_t flood_filter(const uintptr_t *words, size_t count, uintptr_t base, uintptr_t bytes,
                            uintptr_t *hits);

/* One way: for the words of roots and of awkward blocks, and for the worklist until it is empty. */
struct flood_way {
    const char *name;
    void (*words)(struct mark *m, const uintptr_t *words, size_t count);
    void (*run)(struct mark *m);
};

extern const struct flood_way flood_plain, flood_masked; /* flood_masked: for pointer_mask */

/* Those that this processor can go, the fastest first; flood_next(NULL) is that one. */
const struct flood_way *flood_next(const struct flood_way *before);
extern const struct flood_way *flood_way; /* in use; NULL: not chosen yet. Tests choose others */

/* For mark.c: the pipe of a new mark; and a word that points into the cage. */
bool flood_begin(struct mark *m);
void flood_add(struct mark *m, uintptr_t word);

/* Follows all that was found, and what that leads to (I11). */
void flood_run(struct mark *m);

/* Looks at the words in [begin, end), which is readable: the aligned ones, or those at every byte. */
void flood_bytes(struct mark *m, uintptr_t begin, uintptr_t end);

/* The stages that need no filter, last to first; and one for lists. flood_words: how many words a block
 * has, where blocks of a slab differ. flood_awkward: looks through a large block, or one with holes. */
void flood_decide(struct mark *m);
void flood_look_up(struct mark *m);
void flood_scatter(struct mark *m);
void flood_alone(struct mark *m);
size_t flood_words(const struct mark *m, uintptr_t begin);
void flood_awkward(struct mark *m, uintptr_t begin);

/* --- The stages that need a filter ------------------------------------------------------------- */

FLOOD_INLINE void flood_filtered(struct mark *m, struct pipe *p, const uintptr_t *words,
                                 size_t count, flood_filter *filter)
{
    p->words += filter(words, count, m->base, m->bytes, p->word + p->words);
    if (unlikely(p->words >= FLOOD_SCATTER))
        flood_scatter(m);
}

FLOOD_INLINE void flood_words_of(struct mark *m, const uintptr_t *words, size_t count,
                                 flood_filter *filter)
{
    struct pipe *p = m->pipe;
    for (; count > FLOOD_PIECE; words += FLOOD_PIECE, count -= FLOOD_PIECE)
        flood_filtered(m, p, words, FLOOD_PIECE, filter);
    flood_filtered(m, p, words, count, filter);
}

FLOOD_INLINE void flood_look_through(struct mark *m, struct flood_item item, flood_filter *filter)
{
    if (item.words == MARK_MIXED)
        item.words = flood_words(m, item.begin);
    m->since_look++;
    if (unlikely(item.words == MARK_AWKWARD)) {
        flood_awkward(m, item.begin);
        return;
    }
    m->marked_bytes += item.words * sizeof(uintptr_t);
    m->since_look += (uint32_t)item.words / 8;
    flood_words_of(m, (const uintptr_t *)item.begin, item.words, filter);
}

FLOOD_INLINE void flood_look_through_oldest(struct mark *m, struct pipe *p, unsigned most,
                                            flood_filter *filter)
{
    while (p->blocks > most) {
        struct flood_item item = {p->begin[p->first], p->length[p->first]};
        p->first = (p->first + 1) % FLOOD_RING;
        p->blocks--;
        flood_look_through(m, item, filter);
    }
}

FLOOD_INLINE void flood_run_with(struct mark *m, flood_filter *filter)
{
    struct pipe *p = m->pipe;
    while (!p->waiting.failed && !mark_must_rest(m)) {
        flood_scatter(m);
        if (!p->blocks && !p->hits && bucket_is_single(&p->waiting)) {
            flood_alone(m);
            continue;
        }
        flood_decide(m);
        flood_look_up(m);
        if (!p->blocks && !p->hits)
            break;
        flood_look_through_oldest(m, p, p->hits ? FLOOD_PATIENCE : 0, filter);
    }
}

#endif
