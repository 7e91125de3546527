/* SPDX-License-Identifier: MIT
 *
 * Owns the marks (mark.h), and what can be asked about blocks and roots while they are made. Which blocks there
 * are is noted first, in one pass over all records (note.c). "Is this word a heap pointer" is a subtract and
 * a compare against the cage.
 *
 * How strength travels (memcheck's nine shapes): a start pointer in reachable memory makes
 * reachable; an interior pointer, or any pointer in possible memory, makes possible. What is
 * reachable is found first (flood.c).
 *
 * Blocks of which anything changes after that pass, because a thread could not be stopped, count as
 * they were; new ones as reachable.
 *
 * Runs with the world stopped: no lock, no allocation but mark_init's scratch. Beside the program, in the
 * thread of our own: under LOCK_CAGE where it reads descriptors. */
#include "mark.h"

#include <string.h>

#include "../preload/cage.h"
#include "../preload/ghost.h"
#include "../preload/lock.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "flood.h"
#include "heuristics.h"
#include "note.h"

enum { SPARSE_BYTES = 1 << 20, COPY_BYTES = 16 << 10 };
static const size_t HUGE_BYTES = (size_t)2 << 20;
static const size_t HUGE_FROM = (size_t)4 << 20; /* bits of a heap of half a gigabyte */

/* The program may have taken access from pages of its own blocks, or put a file there, which may get
 * shorter. */
static bool is_hole(const struct map *map)
{
    return !map || !map->readable || map->has_file || space_has_guards;
}

static bool has_holes(const struct maps *maps)
{
    for (size_t i = 0; maps && i < maps->count; i++) {
        const struct map *map = &maps->map[i];
        if (map->begin < space_cage_ready() && map->end > space.cage.begin && is_hole(map))
            return true;
    }
    return false;
}

/* Bits are hit at random: of a large heap, on few pages. */
static void make_huge(uint64_t *bits, size_t bytes)
{
    uintptr_t begin = (uintptr_t)bits;
    uintptr_t huge = (begin + HUGE_BYTES - 1) & -HUGE_BYTES;
    if (begin && bytes >= HUGE_FROM)
        sys_huge((void *)huge, (begin + bytes - huge) & -HUGE_BYTES);
}

static bool make_tables(struct mark *m, const struct maps *maps, const struct mark_kept *bits)
{
    const size_t slices = bits->slices;
    *m = (struct mark){
        .maps = maps,
        .cage_has_holes = has_holes(maps),
        .every_byte = options.unaligned,
        .kept_bits = options.pointer_mask ? options.pointer_mask : ~(uintptr_t)0,
    };
    m->kind[MARK_LARGE].slots = 1;
    m->base = space.cage.begin;
    m->bytes = slices << SLICE_SHIFT;
    m->slice = scratch_alloc(slices * sizeof *m->slice);
    m->unreached = bits->unreached;
    m->possible = bits->possible;
    if (!m->slice || !m->unreached || !m->possible || !flood_begin(m))
        return false;
    make_huge(m->unreached, mark_bits_bytes(slices));
    make_huge(m->possible, mark_bits_bytes(slices));
    heuristics_begin(m->cage_has_holes);
    if (!flood_way)
        flood_way = ~m->kept_bits ? &flood_masked : flood_next(NULL);
    return true;
}

bool mark_init(struct mark *m, const struct maps *maps)
{
    size_t slices = (space_cage_ready() - space.cage.begin) >> SLICE_SHIFT;
    struct mark_kept bits = {.unreached = scratch_alloc(mark_bits_bytes(slices)),
                             .possible = scratch_alloc(mark_bits_bytes(slices)),
                             .slices = slices};
    if (!make_tables(m, maps, &bits))
        return false;
    for (size_t slice = 1; slice < cage_top(); slice += slab_at(slice)->slices) {
        struct slab *s = slab_at(slice);
        if ((s->kind == SLAB_SMALL || s->kind == SLAB_LARGE) && mark_knows(m, s))
            note_slab(m, s, NULL);
    }
    return true;
}

/* The lock is let go now and then. A slice that is no head any more has no kind. */
bool mark_init_live(struct mark *m, const struct maps *maps, const struct mark_kept *kept)
{
    enum { AT_ONCE = 32 };
    if (!make_tables(m, maps, kept))
        return false;
    if (kept->since && !(m->wanted = scratch_alloc(m->bytes / SYS_PAGE / 8)))
        return false;
    lock_take(LOCK_CAGE);
    for (size_t slice = 1, next = AT_ONCE; slice < kept->slices; slice++) {
        struct slab *s = slab_at(slice);
        if (slice >= cage_top())
            break;
        if (s->kind == SLAB_SMALL || s->kind == SLAB_LARGE)
            note_slab(m, s, kept);
        else
            note_nothing(m, s, kept);
        if (s->kind != SLAB_NONE)
            slice += s->slices - 1;
        if (slice < next)
            continue;
        next = slice + AT_ONCE;
        lock_release(LOCK_CAGE);
        lock_take(LOCK_CAGE);
    }
    lock_release(LOCK_CAGE);
    return true;
}

bool mark_is_time_to_rest(struct mark *m)
{
    m->since_look = 0;
    m->rested = ghost_is_hurried() || (m->rest_at_ns != UINT64_MAX && sys_now() >= m->rest_at_ns);
    return m->rested;
}

bool mark_flood_until(struct mark *m, uint64_t rest_at_ns)
{
    m->rested = false;
    m->rest_at_ns = rest_at_ns;
    flood_run(m);
    m->rest_at_ns = 0;
    return !m->rested;
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
           word == ret->begin + 8 && heuristics_word(ret->begin) == 0;
}

/* --- Roots ------------------------------------------------------------------------------------ */

static void visit_range(uintptr_t begin, uintptr_t end, void *arg)
{
    flood_bytes(arg, begin, end);
}

void mark_word(struct mark *m, uintptr_t word)
{
    flood_way->words(m, &word, 1);
}

void mark_range(struct mark *m, uintptr_t begin, uintptr_t end)
{
    m->root_bytes += end - begin;
    visit_range(begin, end, m);
}

/* Copies and visits; where a copy stops short, goes on at the next page. Words that are not aligned
 * may begin in one copy and end in the next: so copies overlap. */
static void visit_copy(const struct mark *m, uintptr_t begin, uintptr_t end, uintptr_t *buffer,
                       void (*visit)(uintptr_t, uintptr_t, void *), void *arg)
{
    size_t overlap = m->every_byte ? sizeof(uintptr_t) - 1 : 0;
    begin = m->every_byte ? begin : (begin + 7) & ~(uintptr_t)7;
    while (begin < end) {
        size_t want = end - begin < COPY_BYTES ? end - begin : COPY_BYTES;
        ssize_t got = sys_peek(buffer, (const void *)begin, want);
        if (got > 0)
            visit((uintptr_t)buffer, (uintptr_t)buffer + (size_t)got, arg);
        if (got == (ssize_t)want)
            begin += want < COPY_BYTES ? want : want - overlap;
        else
            begin = (begin + (got > 0 ? (size_t)got : 0) + SYS_PAGE) & ~(uintptr_t)(SYS_PAGE - 1);
    }
}

void mark_range_safe(struct mark *m, uintptr_t begin, uintptr_t end)
{
    uintptr_t buffer[COPY_BYTES / sizeof(uintptr_t)];
    m->root_bytes += end - begin;
    visit_copy(m, begin, end, buffer, visit_range, m);
}

void mark_block(struct mark *m, const struct block *b, bool scan)
{
    size_t bit = mark_bit(b->slab, b->index);
    if (!mark_knows(m, b->slab) || !mark_test(m->unreached, bit))
        return;
    if (scan)
        flood_add(m, b->begin);
    else
        m->unreached[bit / 64] &= ~((uint64_t)1 << bit % 64);
}

void mark_flood(struct mark *m)
{
    flood_run(m);
}

/* --- Contents of blocks ----------------------------------------------------------------------- */

struct copy_visit {
    const struct mark *m;
    void (*visit)(uintptr_t, uintptr_t, void *);
    void *arg;
};

static void visit_present_copy(uintptr_t begin, uintptr_t end, void *arg)
{
    const struct copy_visit *v = arg;
    uintptr_t buffer[COPY_BYTES / sizeof(uintptr_t)];
    visit_copy(v->m, begin, end, buffer, v->visit, v->arg);
}

static bool lies_over_hole(const struct mark *m, uintptr_t begin, uintptr_t end)
{
    while (begin < end) {
        const struct map *map = maps_find(m->maps, begin);
        if (is_hole(map))
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
        struct copy_visit v = {m, visit, arg};
        maps_present(b->begin, end, PAGES_ALL, visit_present_copy, &v);
    } else if (b->bytes >= SPARSE_BYTES) {
        maps_present(b->begin, end, PAGES_ALL, visit, arg);
    } else {
        visit(b->begin, end, arg);
    }
}

/* --- All blocks ------------------------------------------------------------------------------- */

static void each_of_slab(struct slab *s, void (*visit)(const struct block *, void *), void *arg)
{
    for (size_t i = 0; i < s->fresh; i++) {
        struct block b = {
            .slab = s, .index = i, .begin = slab_slot(s, i), .record = record_load(&s->records[i])};
        if (!record_is_live(b.record))
            continue;
        b.bytes = slab_block_bytes(s, b.record);
        visit(&b, arg);
    }
}

void mark_each_block(void (*visit)(const struct block *, void *), void *arg)
{
    for (size_t slice = 1; slice < cage_top(); slice += slab_at(slice)->slices) {
        struct slab *s = slab_at(slice);
        if (s->kind == SLAB_SMALL || s->kind == SLAB_LARGE)
            each_of_slab(s, visit, arg);
    }
}

/* Slice by slice: while nobody holds the lock, spans are merged and cut. */
void mark_each_running(void (*visit)(const struct block *, void *), void *arg)
{
    bool more = true;
    for (size_t slice = 1; more; slice++) {
        lock_take(LOCK_CAGE);
        more = slice < cage_top();
        struct slab *s = slab_at(slice);
        if (more && (s->kind == SLAB_SMALL || s->kind == SLAB_LARGE) &&
            slab_of(slice_address(slice)) == s) {
            each_of_slab(s, visit, arg);
            slice += s->slices - 1;
        }
        lock_release(LOCK_CAGE);
    }
}

void mark_each_root(const struct mark *m, bool take_lock,
                    void (*visit)(const struct block *, void *), void *arg)
{
    for (size_t slice = 1; slice << SLICE_SHIFT < m->bytes; slice++) {
        const struct mark_slice *s = &m->slice[slice];
        if (!s->has_roots || s->head != slice)
            continue;
        if (take_lock)
            lock_take(LOCK_CAGE);
        if (slab_at(slice)->kind == SLAB_SMALL || slab_at(slice)->kind == SLAB_LARGE)
            each_of_slab(slab_at(slice), visit, arg);
        if (take_lock)
            lock_release(LOCK_CAGE);
    }
}

void mark_each_lost(const struct mark *m, void (*visit)(uintptr_t, size_t, void *), void *arg)
{
    for (size_t slice = 1; slice << SLICE_SHIFT < m->bytes; slice++) {
        const struct mark_slice *s = &m->slice[slice];
        size_t slots = s->head == slice ? m->kind[s->kind].slots : 0;
        for (size_t i = 0; i < slots; i += 64) {
            size_t bit = (slice << MARK_SLICE_SHIFT) + i;
            uint64_t lost = mark_lost_bits(m, bit / 64);
            for (; lost; lost &= lost - 1) {
                size_t at = bit + (unsigned)__builtin_ctzl(lost);
                visit(mark_begin(m, s, at), at, arg);
            }
        }
    }
}
