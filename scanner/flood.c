/* SPDX-License-Identifier: MIT
 *
 * Owns how pointers are followed, and the plain way of looking through words.
 *
 * The idea: most of the time of marking goes into waiting for memory, so nothing is read that was
 * not asked for some while before, and many such requests are under way at once (Cher, Hosking, Vitek,
 * "Software prefetching for mark-sweep garbage collection", 2004).
 *
 *   buckets of words ->  hits      -> ring of blocks -> words -> buckets
 *   sorted by region     asks for     clears the bit    keeps
 *   (bucket.c)           the bit      "not reached",    pointers
 *                                     asks for the      only
 *                                     block's memory
 *
 * Stages work on some words or blocks at a time: loops without surprises for the branch predictor.
 *
 * What a pointer's slot is, the table of slices tells (8 bytes for 64 KiB of heap, mark.c), not
 * the slab and not the record: neither descriptors nor records would stay in the cache.
 *
 * Pointers to the middle of blocks come last: first all is followed that start pointers reach (strong),
 * then what is left of the others (weak). So nearly each block is looked through once.
 *
 * Runs with the world stopped, or beside the program in the thread of our own: no lock, no allocation but
 * scratch memory. */
#include "flood.h"

#include <string.h>

#include "../preload/options.h"
#include "heuristics.h"

const struct flood_way *flood_way;

enum {
    ASKED_BYTES = 1024, /* of a block, ahead */
    CHAIN = 1024,       /* single blocks in a row, before somebody looks at the clock */
    CHAIN_WORDS = 32,   /* of such a block, at most */
    CHAIN_AHEAD = 64,   /* words: lists often lie in the order of their addresses */
};

/* --- Pointers that are not to the start ------------------------------------------------------- */

/* One past the end counts for C++ `new T[0]`, whose block is a lone count of zero. */
static bool is_empty_array(uintptr_t word, const struct block *b)
{
    return word - b->begin == 8 && b->bytes == 8 && heuristics_word(b->begin) == 0;
}

/* Blocks to be looked through later, in a chunk of the buckets'. */
enum { LATER_COUNT = BUCKET_CHUNK / sizeof(uintptr_t) - 2 };
struct later {
    struct later *below;
    size_t count;
    uintptr_t begin[LATER_COUNT];
};
_Static_assert(sizeof(struct later) == BUCKET_CHUNK, "made of the buckets' chunks");

static void put_off(struct mark *m, struct later **list, uintptr_t begin)
{
    struct later *l = *list;
    if (!l || l->count == LATER_COUNT) {
        l = bucket_chunk_new(&m->pipe->waiting);
        if (!l)
            return;
        *l = (struct later){.below = *list};
        *list = l;
    }
    l->begin[l->count++] = begin;
}

/* Decides on a pointer that is not to the start of a block, or was found in possible memory; true: the
 * block, whose start the word is now, is to be looked through. */
static bool unusual(struct mark *m, uintptr_t *inout_word, size_t bit)
{
    uintptr_t word = *inout_word;
    const struct mark_slice *slice = &m->slice[bit >> MARK_SLICE_SHIFT];
    uint64_t one = (uint64_t)1 << bit % 64;
    struct block b;
    if (!alloc_find(mark_begin(m, slice, bit), &b))
        return false;
    *inout_word = b.begin;
    bool inside = word - b.begin < b.bytes + (b.bytes == 0);
    bool start = word == b.begin || is_empty_array(word, &b);
    if (!inside && !start)
        return false;
    if (!m->weak && (start || options.interior == INTERIOR_REACHABLE ||
                     heuristics_is_start(word, &b, m->maps))) {
        m->unreached[bit / 64] &= ~one;
        return true;
    }
    if (m->possible[bit / 64] & one)
        return false;
    m->possible[bit / 64] |= one;
    if (!m->weak)
        put_off(m, &m->later, b.begin);
    return m->weak;
}

/* --- Stages ----------------------------------------------------------------------------------- */

/* A word that was looked up: how many words to look through at what is now *word; 0: it leads to nothing
 * new. */
static inline uint16_t decide(struct mark *m, uintptr_t *word, size_t bit)
{
    uint64_t *unreached = &m->unreached[bit / 64];
    if (!(*unreached >> bit % 64 & 1))
        return 0;
    const struct mark_slice *s = &m->slice[bit >> MARK_SLICE_SHIFT];
    if (likely(*word == mark_begin(m, s, bit) && !m->weak))
        *unreached &= ~((uint64_t)1 << bit % 64);
    else if ((m->weak && m->possible[bit / 64] >> bit % 64 & 1) || !unusual(m, word, bit))
        return 0;
    return mark_words(m, s, bit);
}

/* Asks for the block's memory, and where its length is not known, for the record. */
static inline void ask(const struct mark *m, struct flood_item item)
{
    size_t bytes = item.words * sizeof(uintptr_t);
    if (item.words == MARK_MIXED) {
        const struct mark_slice *s = &m->slice[(item.begin - m->base) >> SLICE_SHIFT];
        __builtin_prefetch(&slab_at(s->head)->records[mark_index(m, s, item.begin)]);
        bytes = m->kind[s->kind].slot_bytes;
    }
    uintptr_t end = item.begin + (bytes < ASKED_BYTES ? bytes : ASKED_BYTES);
    __builtin_prefetch((const void *)item.begin);
    for (uintptr_t line = (item.begin | 63) + 1; line < end; line += 64)
        __builtin_prefetch((const void *)line);
}

/* A block that was reached goes into the ring. */
static inline void await(struct mark *m, struct flood_item item)
{
    struct pipe *p = m->pipe;
    unsigned at = (p->first + p->blocks++) % FLOOD_RING;
    p->begin[at] = item.begin;
    p->length[at] = item.words;
    ask(m, item);
}

/* Which slots the next words point to; asks for their marks. */
void flood_look_up(struct mark *m)
{
    struct pipe *p = m->pipe;
    struct buckets *b = &p->waiting;
    size_t hits = p->hits;
    while (hits < FLOOD_BATCH && (b->bucket[b->current].top || bucket_go_on(b))) {
        size_t left = bucket_count(b);
        for (; left && hits < FLOOD_BATCH; left--, hits++) {
            uintptr_t word = m->base + bucket_pop(b);
            size_t bit = mark_bit_of(m, word);
            size_t odd = m->slice[bit >> MARK_SLICE_SHIFT].has_odd ? bit + MARK_ODD : bit;
            __builtin_prefetch(&m->unreached[bit / 64]);
            __builtin_prefetch(&m->unreached[odd / 64]);
            p->hit[hits] = word;
            p->bit[hits] = bit;
        }
        if (!left)
            bucket_drop(b, &b->bucket[b->current]);
    }
    m->since_look += (uint32_t)hits;
    p->hits = hits;
}

/* The buckets are full: an array of many million pointers, say. Blocks that are reached and not looked
 * through are fewer than pointers. */
static void scatter_nothing(struct mark *m)
{
    struct pipe *p = m->pipe;
    for (size_t i = 0; i < p->words; i++)
        __builtin_prefetch(&m->unreached[mark_bit_of(m, p->word[i]) / 64]);
    for (size_t i = 0; i < p->words; i++) {
        uintptr_t word = p->word[i];
        if (decide(m, &word, mark_bit_of(m, word)))
            put_off(m, &p->reached, word);
    }
}

void flood_scatter(struct mark *m)
{
    struct pipe *p = m->pipe;
    const uintptr_t base = m->base;
    if (unlikely(bucket_is_full(&p->waiting)))
        scatter_nothing(m);
    else
        for (size_t i = 0; i < p->words; i++)
            bucket_put(&p->waiting, p->word[i] - base);
    p->words = 0;
}

/* Of the blocks that were put off, as many as may wait. */
static void take_reached(struct mark *m)
{
    struct pipe *p = m->pipe;
    while (p->reached && p->blocks < FLOOD_PATIENCE) {
        struct later *l = p->reached;
        if (!l->count) {
            p->reached = l->below;
            bucket_chunk_free(&p->waiting, l);
            continue;
        }
        uintptr_t begin = l->begin[--l->count];
        size_t bit = mark_bit_of(m, begin);
        uint16_t words = mark_words(m, &m->slice[bit >> MARK_SLICE_SHIFT], bit);
        if (!words ||
            (m->weak && !mark_test(m->unreached, bit))) /* reached by a start pointer since */
            continue;
        await(m, (struct flood_item){begin, words});
        m->marked_blocks++;
    }
}

void flood_decide(struct mark *m)
{
    struct pipe *p = m->pipe;
    unsigned before = p->blocks;
    for (size_t i = 0; i < p->hits; i++) {
        uintptr_t word = p->hit[i];
        uint16_t words = decide(m, &word, p->bit[i]);
        if (words)
            await(m, (struct flood_item){word, words});
    }
    m->marked_blocks += p->blocks - before;
    p->hits = 0;
    if (unlikely(p->reached))
        take_reached(m);
}

/* A list: each block is known only from the one before. Words are compared one by one: where a list has
 * its next pointer the processor guesses, and goes ahead. */
void flood_alone(struct mark *m)
{
    struct pipe *p = m->pipe;
    uintptr_t word = m->base + bucket_pop(&p->waiting);
    bucket_drop(&p->waiting, &p->waiting.bucket[p->waiting.current]);
    uint16_t length = decide(m, &word, mark_bit_of(m, word));
    struct flood_item item = {word, length};
    size_t blocks = length > 0;
    size_t words = 0;
    unsigned left = CHAIN;
    for (; left && item.words && item.words <= CHAIN_WORDS && !p->blocks; left--) {
        const uintptr_t *at = (const uintptr_t *)item.begin;
        size_t count = item.words;
        item.words = 0;
        __builtin_prefetch(at + CHAIN_AHEAD);
        words += count;
        for (size_t i = 0; i < count; i++) {
            word = __atomic_load_n(&at[i], __ATOMIC_RELAXED) & m->kept_bits;
            if (word - m->base >= m->bytes || !(length = decide(m, &word, mark_bit_of(m, word))))
                continue;
            if (item.words)
                await(m, item);
            item = (struct flood_item){word, length};
            blocks++;
        }
        if (item.words == MARK_MIXED)
            item.words = flood_words(m, item.begin);
    }
    m->since_look += CHAIN - left + (uint32_t)words / 8;
    m->marked_blocks += blocks;
    m->marked_bytes += words * sizeof(uintptr_t);
    if (item.words)
        await(m, item);
}

bool flood_begin(struct mark *m)
{
    m->pipe = scratch_alloc(sizeof *m->pipe);
    if (m->pipe)
        bucket_init(&m->pipe->waiting, m->bytes);
    return m->pipe != NULL;
}

void flood_add(struct mark *m, uintptr_t word)
{
    bucket_put(&m->pipe->waiting, word - m->base);
}

/* --- Blocks that are not just words ----------------------------------------------------------- */

size_t flood_words(const struct mark *m, uintptr_t begin)
{
    const struct mark_slice *s = &m->slice[(begin - m->base) >> SLICE_SHIFT];
    const record *records = __atomic_load_n(&slab_at(s->head)->records, __ATOMIC_RELAXED);
    const record *place = records + mark_index(m, s, begin);
    if (!records || !space_is_ready(place)) /* the slab was given back meanwhile */
        return 0;
    uint32_t slack = record_slack(record_load(place));
    uint32_t slot_bytes = m->kind[s->kind].slot_bytes;
    return slack < slot_bytes ? (slot_bytes - slack) / sizeof(uintptr_t) : 0;
}

static void look_at_every_byte(struct mark *m, uintptr_t begin, uintptr_t end)
{
    uintptr_t words[FLOOD_PIECE];
    size_t count = 0;
    for (; begin + sizeof *words <= end; begin++) {
        memcpy(&words[count++], (const void *)begin, sizeof *words);
        if (count == FLOOD_PIECE) {
            flood_way->words(m, words, count);
            count = 0;
        }
    }
    flood_way->words(m, words, count);
}

void flood_bytes(struct mark *m, uintptr_t begin, uintptr_t end)
{
    if (m->every_byte) {
        look_at_every_byte(m, begin, end);
        return;
    }
    begin = (begin + 7) & ~(uintptr_t)7;
    if (begin < end)
        flood_way->words(m, (const uintptr_t *)begin, (end - begin) / sizeof(uintptr_t));
}

static void look_through_run(uintptr_t begin, uintptr_t end, void *arg)
{
    struct mark *m = arg;
    m->marked_bytes += end - begin;
    m->since_look += (uint32_t)((end - begin) / 64);
    flood_bytes(m, begin, end);
}

void flood_awkward(struct mark *m, uintptr_t begin)
{
    struct block b;
    if (alloc_find(begin, &b))
        mark_contents(m, &b, look_through_run, m);
}

/* --- The plain way ---------------------------------------------------------------------------- */

static size_t filter(const uintptr_t *words, size_t count, uintptr_t base, uintptr_t bytes,
                     uintptr_t *hits)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uintptr_t word = __atomic_load_n(&words[i], __ATOMIC_RELAXED);
        hits[found] = word;
        found += word - base < bytes;
    }
    return found;
}

static void plain_words(struct mark *m, const uintptr_t *words, size_t count)
{
    flood_words_of(m, words, count, filter);
}

static void plain_run(struct mark *m)
{
    flood_run_with(m, filter);
}

const struct flood_way flood_plain = {"plain", plain_words, plain_run};

/* --- Strong, then weak ------------------------------------------------------------------------ */

/* First what start pointers lead to; then what is left of the others. */
void flood_run(struct mark *m)
{
    struct pipe *p = m->pipe;
    flood_way->run(m);
    if (!m->rested && !p->waiting.failed) {
        m->weak = true;
        p->reached = m->later;
        m->later = NULL;
        flood_way->run(m);
        m->weak = false;
    }
    m->failed |= p->waiting.failed;
}
