/* SPDX-License-Identifier: MIT
 *
 * Owns marking (mark.h).
 *
 * The idea: "is this word a heap pointer" is a subtract and a compare against the cage; from there
 * the slab table gives the block without touching it. Marks are in side bitmaps, dense by slot, so
 * blocks stay clean in the cache and in copy-on-write. Found blocks go on a worklist; nothing
 * recurses.
 *
 * Most of the time goes into waiting for memory. So words and blocks wait in two rings of MARK_AHEAD
 * while the processor fetches what they need, and those come up that have waited longest (Cher,
 * Hosking, Vitek, "Software prefetching for mark-sweep garbage collection", 2004).
 *
 * How strength travels (memcheck's nine shapes): a start pointer in reachable memory makes
 * reachable; an interior pointer, or any pointer in possible memory, makes possible. Reachable wins
 * and puts the block on the worklist again, so each block is scanned at most twice.
 *
 * Invariants: I11 the worklist is empty at the end; every marked block was scanned with its final
 * strength. Runs with the world stopped: no lock, no allocation but mark_init's scratch. */
#include "mark.h"

#include <string.h>

#include "../preload/cage.h"
#include "../preload/sys.h"
#include "heuristics.h"

enum { SPARSE_BYTES = 1 << 20, COPY_BYTES = 16 << 10 };

static bool test(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

static void set(uint64_t *bits, size_t i)
{
    bits[i / 64] |= (uint64_t)1 << i % 64;
}

bool mark_is_reachable(const struct mark *m, const struct slab *s, size_t index)
{
    size_t bit = mark_bit(s, index);
    return bit >= m->bits || test(m->reachable, bit);
}

bool mark_is_possible(const struct mark *m, const struct slab *s, size_t index)
{
    size_t bit = mark_bit(s, index);
    return bit < m->bits && test(m->possible, bit);
}

/* The program may have taken access from pages of its own blocks. */
static bool has_holes(const struct maps *maps)
{
    for (size_t i = 0; maps && i < maps->count; i++) {
        const struct map *map = &maps->map[i];
        if (map->begin < space.cage.ready && map->end > space.cage.begin &&
            map->begin < space.cage.ready && !map->readable)
            return true;
    }
    return false;
}

bool mark_init(struct mark *m, const struct maps *maps)
{
    size_t slices = (space.cage.ready - space.cage.begin) >> SLICE_SHIFT;
    *m = (struct mark){.maps = maps, .cage_has_holes = has_holes(maps)};
    m->bits = slices << MARK_SLICE_SHIFT;
    m->reachable = scratch_alloc(m->bits / 8);
    m->possible = scratch_alloc(m->bits / 8);
    return m->reachable && m->possible;
}

bool mark_resolve(uintptr_t word, struct block *ret, bool *ret_start)
{
    if (!space_in_cage(word))
        return false;
    if (alloc_find(word, ret)) {
        *ret_start = word == ret->begin;
        return true;
    }
    *ret_start = true;
    return space_in_cage(word - 1) && alloc_find(word - 1, ret) && ret->bytes == 8 &&
           word == ret->begin + 8 && *(const uint64_t *)ret->begin == 0;
}

/* A chunk of the worklist. */
enum { WORK_COUNT = 8190 };
struct work {
    struct work *below;
    size_t count;
    uintptr_t begin[WORK_COUNT];
};

static void push(struct mark *m, uintptr_t begin)
{
    if (unlikely(!m->work || m->work->count == WORK_COUNT)) {
        struct work *w = m->spare ? m->spare : scratch_alloc(sizeof *w);
        if (!w) {
            m->failed = true;
            return;
        }
        m->spare = NULL;
        w->below = m->work;
        w->count = 0;
        m->work = w;
    }
    m->work->begin[m->work->count++] = begin;
}

/* 0: the worklist is empty. */
static uintptr_t pop(struct mark *m)
{
    if (unlikely(m->work && m->work->count == 0)) {
        m->spare = m->work;
        m->work = m->work->below;
    }
    return m->work ? m->work->begin[--m->work->count] : 0;
}

static void mark_found(struct mark *m, const struct block *b, enum strength strength)
{
    size_t bit = mark_bit(b->slab, b->index);
    if (bit >= m->bits || test(m->reachable, bit) ||
        (strength == STRENGTH_POSSIBLE && test(m->possible, bit)))
        return;
    set(strength == STRENGTH_REACHABLE ? m->reachable : m->possible, bit);
    push(m, b->begin);
}

/* Asks the processor for what mark_resolve and mark_found will read. */
static void prefetch(const struct mark *m, uintptr_t word)
{
    const struct slab *s = slab_of(word);
    size_t index = slab_index(s, word);
    if (index >= s->slots)
        return;
    __builtin_prefetch(&s->records[index]);
    __builtin_prefetch(&m->reachable[mark_bit(s, index) / 64]);
}

static void follow_word(struct mark *m, uintptr_t word, enum strength source)
{
    struct block b;
    bool start;
    if (!mark_resolve(word, &b, &start))
        return;
    mark_found(m, &b, start || heuristics_is_start(word, &b, m->maps) ? source : STRENGTH_POSSIBLE);
}

static void follow_oldest(struct mark *m)
{
    struct mark_candidate c = m->candidate[m->first_candidate++ % MARK_AHEAD];
    m->candidates--;
    follow_word(m, c.word, c.source);
}

static void visit_word(struct mark *m, uintptr_t word, enum strength source)
{
    if (likely(!space_in_cage(word)))
        return;
    if (m->candidates == MARK_AHEAD)
        follow_oldest(m);
    prefetch(m, word);
    m->candidate[(m->first_candidate + m->candidates++) % MARK_AHEAD] =
        (struct mark_candidate){word, source};
}

static void visit_range(struct mark *m, uintptr_t begin, uintptr_t end, enum strength source)
{
    const uintptr_t *word = (const uintptr_t *)((begin + 7) & ~(uintptr_t)7);
    uintptr_t cage = space.cage.begin;
    uintptr_t bytes = space.cage.ready - cage;
    for (; (uintptr_t)(word + 1) <= end; word++)
        if (unlikely(*word - cage < bytes))
            visit_word(m, *word, source);
}

void mark_word(struct mark *m, uintptr_t word)
{
    visit_word(m, word, STRENGTH_REACHABLE);
}

void mark_range(struct mark *m, uintptr_t begin, uintptr_t end)
{
    visit_range(m, begin, end, STRENGTH_REACHABLE);
}

/* Copies and visits; where a copy stops short, goes on at the next page. */
static void visit_copy(uintptr_t begin, uintptr_t end, uintptr_t *buffer,
                       void (*visit)(uintptr_t, uintptr_t, void *), void *arg)
{
    begin = (begin + 7) & ~(uintptr_t)7;
    while (begin < end) {
        size_t want = end - begin < COPY_BYTES ? end - begin : COPY_BYTES;
        ssize_t got = sys_peek(buffer, (const void *)begin, want);
        if (got > 0)
            visit((uintptr_t)buffer, (uintptr_t)buffer + (size_t)got, arg);
        if (got == (ssize_t)want)
            begin += want;
        else
            begin = (begin + (got > 0 ? (size_t)got : 0) + SYS_PAGE) & ~(uintptr_t)(SYS_PAGE - 1);
    }
}

struct range_visit {
    struct mark *m;
    enum strength source;
};

static void visit_run(uintptr_t begin, uintptr_t end, void *arg)
{
    const struct range_visit *v = arg;
    visit_range(v->m, begin, end, v->source);
}

void mark_range_safe(struct mark *m, uintptr_t begin, uintptr_t end)
{
    uintptr_t buffer[COPY_BYTES / sizeof(uintptr_t)];
    struct range_visit v = {m, STRENGTH_REACHABLE};
    visit_copy(begin, end, buffer, visit_run, &v);
}

void mark_block(struct mark *m, const struct block *b, bool scan)
{
    size_t bit = mark_bit(b->slab, b->index);
    if (bit >= m->bits || test(m->reachable, bit))
        return;
    set(m->reachable, bit);
    if (scan)
        push(m, b->begin);
}

/* --- Contents of blocks ----------------------------------------------------------------------- */

struct copy_visit {
    void (*visit)(uintptr_t, uintptr_t, void *);
    void *arg;
};

static void visit_present_copy(uintptr_t begin, uintptr_t end, void *arg)
{
    const struct copy_visit *v = arg;
    uintptr_t buffer[COPY_BYTES / sizeof(uintptr_t)];
    visit_copy(begin, end, buffer, v->visit, v->arg);
}

static bool lies_over_hole(const struct mark *m, uintptr_t begin, uintptr_t end)
{
    while (begin < end) {
        const struct map *map = maps_find(m->maps, begin);
        if (!map || !map->readable)
            return true;
        begin = map->end;
    }
    return false;
}

void mark_contents(const struct mark *m, const struct block *b,
                   void (*visit)(uintptr_t, uintptr_t, void *), void *arg)
{
    uintptr_t end = b->begin + b->bytes;
    if (m->cage_has_holes && lies_over_hole(m, b->begin, end)) {
        struct copy_visit v = {visit, arg};
        maps_present(b->begin, end, PAGES_ALL, visit_present_copy, &v);
    } else if (b->bytes >= SPARSE_BYTES) {
        maps_present(b->begin, end, PAGES_ALL, visit, arg);
    } else {
        visit(b->begin, end, arg);
    }
}

/* The next block of the worklist, which was asked of the processor some blocks ago; 0: none left. */
static uintptr_t take_block(struct mark *m)
{
    for (uintptr_t begin; m->blocks < MARK_AHEAD && (begin = pop(m)) != 0;) {
        __builtin_prefetch((const void *)begin);
        m->block[(m->first_block + m->blocks++) % MARK_AHEAD] = begin;
    }
    if (!m->blocks)
        return 0;
    m->blocks--;
    return m->block[m->first_block++ % MARK_AHEAD];
}

void mark_flood(struct mark *m)
{
    for (;;) {
        struct block b;
        uintptr_t begin = take_block(m);
        if (!begin && !m->candidates)
            break;
        if (!begin) {
            follow_oldest(m);
            continue;
        }
        if (!alloc_find(begin, &b))
            continue;
        bool reachable = mark_is_reachable(m, b.slab, b.index);
        struct range_visit v = {m, reachable ? STRENGTH_REACHABLE : STRENGTH_POSSIBLE};
        mark_contents(m, &b, visit_run, &v);
    }
}

void mark_each_block(void (*visit)(const struct block *, void *), void *arg)
{
    for (size_t slice = 1; slice < cage_top(); slice += slab_at(slice)->slices) {
        struct slab *s = slab_at(slice);
        if (s->kind != SLAB_SMALL && s->kind != SLAB_LARGE)
            continue;
        for (size_t i = 0; i < s->fresh; i++) {
            struct block b = {.slab = s,
                              .index = i,
                              .begin = slab_slot(s, i),
                              .record = record_load(&s->records[i])};
            if (!record_is_live(b.record))
                continue;
            b.bytes = slab_block_bytes(s, b.record);
            visit(&b, arg);
        }
    }
}
