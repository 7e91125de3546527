/* SPDX-License-Identifier: MIT
 *
 * The pipeline that follows pointers (flood.c tells why it has this form), written once and compiled
 * for each way of looking through words: flood.c has the plain one, flood_<arch>.c others. */
#ifndef LEAKGC_FLOOD_H
#define LEAKGC_FLOOD_H

#include "mark.h"

#include "../preload/sys.h"

#define FLOOD_INLINE __attribute__((always_inline)) static inline

enum {
    FLOOD_RING = 64,     /* blocks on their way from memory */
    FLOOD_PATIENCE = 56, /* of them, those that wait while there are more: the rest is a round */
    FLOOD_PIECE = 512,   /* words looked through at a time */
    FLOOD_BATCH = 64,    /* hits that are looked up together, or a few more */
    FLOOD_SLACK = 8,     /* a filter may write so many words behind its hits */
    FLOOD_CHAIN = 1024,  /* single blocks in a row, before somebody looks at the clock */
    FLOOD_LINES = 16,    /* of a block, asked of memory ahead */
    FLOOD_HITS = FLOOD_PIECE + FLOOD_BATCH,
};

struct flood_item {
    uintptr_t begin;
    size_t words; /* or MARK_MIXED, MARK_AWKWARD */
};

/* What is on its way. Each stage asks the processor for what the next one reads. */
struct pipe {
    uintptr_t begin[FLOOD_RING]; /* blocks and their words; a ring, oldest at `first` */
    size_t length[FLOOD_RING];
    unsigned first, blocks;
    size_t words, hits;
    /* Words that point into the cage. Aligned: what is written at once and read word by word soon
     * after must not cross a cache line. */
    uintptr_t word[FLOOD_HITS + FLOOD_SLACK] __attribute__((aligned(64)));
    uintptr_t hit[FLOOD_HITS]; /* the same, looked up: */
    size_t bit[FLOOD_HITS];    /* their mark bits */
};

/* A chunk of the worklist: blocks still to be looked through. */
enum { WORK_COUNT = 6552 };
struct work {
    struct work *below;
    size_t count;
    uintptr_t begin[WORK_COUNT];
    uint16_t words[WORK_COUNT];
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

/* For mark.c: a block to be looked through. */
void flood_push(struct mark *m, uintptr_t begin, uint16_t words);

/* Follows all that is on the worklist, and what that leads to (I11). */
void flood_run(struct mark *m);

/* Looks at the words in [begin, end), which is readable: the aligned ones, or those at every byte. */
void flood_bytes(struct mark *m, uintptr_t begin, uintptr_t end);

/* Out of line. flood_room: a new chunk on the worklist, or NULL. flood_unusual: decides on a pointer
 * that is not to the start of a block, or was found in possible memory; true: the block, whose start
 * the word is now, is to be looked through. flood_words: how many words a block has, where blocks of
 * a slab differ. flood_awkward: looks through a large block, or one with holes. */
struct work *flood_room(struct mark *m);
void flood_drop_chunk(struct mark *m);
bool flood_unusual(struct mark *m, uintptr_t *word, size_t bit);
size_t flood_words(const struct mark *m, uintptr_t begin);
void flood_awkward(struct mark *m, uintptr_t begin);

/* --- The stages, last to first ---------------------------------------------------------------- */

/* A pointer whose bit may be set: how many words to look through at what is now *word; 0: it leads to
 * nothing new. */
FLOOD_INLINE uint16_t flood_decide_one(struct mark *m, uintptr_t *word, size_t bit)
{
    uint64_t *unreached = &m->unreached[bit / 64];
    if (!(*unreached >> bit % 64 & 1))
        return 0;
    const struct mark_slice *s = &m->slice[bit >> MARK_SLICE_SHIFT];
    if (likely(*word == mark_begin(m, s, bit) && !m->weak))
        *unreached &= ~((uint64_t)1 << bit % 64);
    else if ((m->weak && m->possible[bit / 64] >> bit % 64 & 1) || !flood_unusual(m, word, bit))
        return 0;
    return mark_words(m, s, bit);
}

/* Blocks that the hits reach, and nothing reached before, go on the worklist. */
FLOOD_INLINE void flood_decide(struct mark *m, struct pipe *p)
{
    struct work *work = m->work;
    size_t found = 0;
    if (unlikely(!work || work->count + p->hits > WORK_COUNT) && !(work = flood_room(m)))
        return;
    for (size_t i = 0; i < p->hits; i++) {
        uintptr_t word = p->hit[i];
        uint16_t words = flood_decide_one(m, &word, p->bit[i]);
        work->begin[work->count + found] = word;
        work->words[work->count + found] = words;
        found += words > 0;
    }
    work->count += found;
    m->marked_blocks += found;
    p->hits = 0;
}

/* Which slots the words point to. */
FLOOD_INLINE void flood_look_up(struct mark *m, struct pipe *p)
{
    for (size_t i = 0; i < p->words; i++) {
        uintptr_t word = p->word[i];
        size_t bit = mark_bit_of(m, word);
        size_t odd = m->slice[bit >> MARK_SLICE_SHIFT].has_odd ? bit + MARK_ODD : bit;
        p->hit[i] = word;
        p->bit[i] = bit;
        __builtin_prefetch(&m->unreached[bit / 64]);
        __builtin_prefetch(&m->unreached[odd / 64]);
    }
    p->hits = p->words;
    p->words = 0;
}

FLOOD_INLINE void flood_advance(struct mark *m, struct pipe *p)
{
    flood_decide(m, p);
    flood_look_up(m, p);
}

FLOOD_INLINE void flood_filtered(struct mark *m, struct pipe *p, const uintptr_t *words,
                                 size_t count, flood_filter *filter)
{
    p->words += filter(words, count, m->base, m->bytes, p->word + p->words);
    if (unlikely(p->words >= FLOOD_BATCH))
        flood_advance(m, p);
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
    if (unlikely(item.words == MARK_AWKWARD)) {
        flood_awkward(m, item.begin);
        return;
    }
    m->marked_bytes += item.words * sizeof(uintptr_t);
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

/* Asks for the block's memory, and where its length is not known, for the record. */
FLOOD_INLINE void flood_ask(const struct mark *m, struct flood_item item)
{
    size_t bytes = item.words * sizeof(uintptr_t);
    if (item.words == MARK_MIXED) {
        const struct mark_slice *s = &m->slice[(item.begin - m->base) >> SLICE_SHIFT];
        __builtin_prefetch(&slab_at(s->head)->records[mark_index(m, s, item.begin)]);
        bytes = m->kind[s->kind].slot_bytes;
    }
    uintptr_t end = item.begin + (bytes < FLOOD_LINES * 64 ? bytes : FLOOD_LINES * 64);
    __builtin_prefetch((const void *)item.begin);
    for (uintptr_t line = (item.begin | 63) + 1; line < end; line += 64)
        __builtin_prefetch((const void *)line);
}

FLOOD_INLINE void flood_fill(struct mark *m, struct pipe *p)
{
    while (p->blocks < FLOOD_RING && m->work) {
        struct work *w = m->work;
        if (unlikely(!w->count)) {
            flood_drop_chunk(m);
            continue;
        }
        w->count--;
        struct flood_item item = {w->begin[w->count], w->words[w->count]};
        unsigned at = (p->first + p->blocks++) % FLOOD_RING;
        p->begin[at] = item.begin;
        p->length[at] = item.words;
        flood_ask(m, item);
    }
}

/* As long as there is but one block: nothing to wait for. */
FLOOD_INLINE void flood_alone(struct mark *m, struct pipe *p, flood_filter *filter)
{
    struct flood_item item = {m->work->begin[0], m->work->words[0]};
    m->work->count = 0;
    for (unsigned left = FLOOD_CHAIN; item.words && !m->work->count && left; left--) {
        if (item.words == MARK_MIXED)
            item.words = flood_words(m, item.begin);
        if (item.words > FLOOD_PIECE)
            break;
        size_t count =
            filter((const uintptr_t *)item.begin, item.words, m->base, m->bytes, p->word);
        m->marked_bytes += item.words * sizeof(uintptr_t);
        item.words = 0;
        for (size_t i = 0; i < count; i++) {
            uintptr_t word = p->word[i];
            uint16_t words = flood_decide_one(m, &word, mark_bit_of(m, word));
            if (unlikely(words && item.words))
                flood_push(m, item.begin, (uint16_t)item.words);
            if (words)
                item = (struct flood_item){word, words};
        }
        m->marked_blocks += item.words > 0;
    }
    if (item.words)
        flood_look_through(m, item, filter);
}

FLOOD_INLINE void flood_run_with(struct mark *m, flood_filter *filter)
{
    struct pipe *p = m->pipe;
    while (!m->failed && !mark_must_rest(m)) {
        struct work *w = m->work;
        if (w && w->count == 1 && !w->below && !p->blocks && !p->hits && !p->words) {
            flood_alone(m, p, filter);
            continue;
        }
        flood_fill(m, p);
        bool more = m->work && m->work->count;
        if (!p->blocks && !p->words && !p->hits)
            break;
        flood_look_through_oldest(m, p, more ? FLOOD_PATIENCE : 0, filter);
        flood_advance(m, p);
        if (!more)
            flood_decide(m, p);
    }
}

#endif
