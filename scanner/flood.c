/* SPDX-License-Identifier: MIT
 *
 * Owns the pipeline's slow parts, and its plain form (flood.h).
 *
 * The idea: most of the time of marking goes into waiting for memory, so nothing is read that was
 * not asked for some while before, and many such requests are under way at once (Cher, Hosking, Vitek,
 * "Software prefetching for mark-sweep garbage collection", 2004).
 *
 *   worklist -> ring of blocks -> words -> hits -> worklist
 *               asks for their    keeps    asks    clears the bit "not reached",
 *               memory            pointers for     puts the block on the worklist
 *                                 only     the bit
 *
 * Stages work on some blocks at a time: loops without surprises for the branch predictor. Where the
 * worklist has nothing more, nobody waits: in a list each block is known only from the one before.
 *
 * What a pointer's slot is, the table of slices tells (8 bytes for 64 KiB of heap, mark.c), not
 * the slab and not the record: neither descriptors nor records would stay in the cache.
 *
 * Pointers to the middle of blocks come last: first all is followed that start pointers reach (strong),
 * then what is left of the others (weak). So nearly each block is looked through once.
 *
 * Runs with the world stopped: no lock, no allocation but scratch memory. */
#include "flood.h"

#include <string.h>

#include "../preload/options.h"
#include "heuristics.h"

const struct flood_way *flood_way;

/* --- The worklist ----------------------------------------------------------------------------- */

static struct work *new_chunk(struct mark *m, struct work *below)
{
    struct work *w = m->spare ? m->spare : scratch_alloc(sizeof *w);
    m->spare = w && m->spare ? w->below : NULL;
    if (!w) {
        m->failed = true;
        return NULL;
    }
    w->below = below;
    w->count = 0;
    return w;
}

struct work *flood_room(struct mark *m)
{
    struct work *w = new_chunk(m, m->work);
    m->work = w ? w : m->work;
    return w;
}

/* Empty chunks are kept for the next time. */
void flood_drop_chunk(struct mark *m)
{
    struct work *w = m->work;
    m->work = w->below;
    w->below = m->spare;
    m->spare = w;
}

static void push(struct mark *m, struct work **list, uintptr_t begin, uint16_t words)
{
    struct work *w = *list;
    if (!w || w->count == WORK_COUNT)
        w = new_chunk(m, w);
    if (!w)
        return;
    *list = w;
    w->begin[w->count] = begin;
    w->words[w->count++] = words;
}

void flood_push(struct mark *m, uintptr_t begin, uint16_t words)
{
    if (!words)
        return;
    push(m, &m->work, begin, words);
    m->marked_blocks++;
}

/* --- Pointers that are not to the start ------------------------------------------------------- */

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

/* One past the end counts for C++ `new T[0]`, whose block is a lone count of zero. */
static bool is_empty_array(uintptr_t word, const struct block *b)
{
    return word - b->begin == 8 && b->bytes == 8 && heuristics_word(b->begin) == 0;
}

bool flood_unusual(struct mark *m, uintptr_t *inout_word, size_t bit)
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
        push(m, &m->later, b.begin, 0);
    return m->weak;
}

/* --- Blocks that are not just words ----------------------------------------------------------- */

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

/* What only pointers into the middle were found to, and nothing else since. */
static void take_later(struct mark *m)
{
    struct work *w = m->later;
    m->later = NULL;
    while (w) {
        struct work *below = w->below;
        for (size_t i = 0; i < w->count; i++) {
            size_t bit = mark_bit_of(m, w->begin[i]);
            if (mark_test(m->unreached, bit))
                flood_push(m, w->begin[i], mark_words(m, &m->slice[bit >> MARK_SLICE_SHIFT], bit));
        }
        w->below = m->spare;
        m->spare = w;
        w = below;
    }
}

void flood_run(struct mark *m)
{
    flood_way->run(m);
    if (m->rested)
        return;
    m->weak = true;
    take_later(m);
    flood_way->run(m);
    m->weak = false;
}
