/* SPDX-License-Identifier: MIT
 *
 * Owns the accounting of lost blocks: one leader (definite) for each group that nothing else lost
 * points to, everything else indirect; a cycle has exactly one leader, its lowest address.
 *
 * The idea: leaders are one block from each source component of the graph of lost blocks. Two
 * floods find them without Tarjan's bookkeeping:
 *   1. Up the addresses: each block not yet flooded becomes a candidate and floods. A source
 *      component has exactly one candidate (nothing outside reaches it). A candidate that is not
 *      in a source component is reachable from a later candidate, or it would have been flooded.
 *   2. Down the candidates, flooding afresh: a candidate that a later one reaches is no leader;
 *      those that are left are the leaders, and what each reaches first is carried by it.
 * Both are linear in the contents of lost blocks. Every pointer between lost blocks counts, start
 * or interior (memcheck's shapes 4 and 9); a block's pointer to itself does not.
 *
 * What a flood has not reached is a bit for each slot, as the marks are. As in flood.h nothing is read that
 * was not asked of memory before, where there is more than one block to look through.
 *
 * Runs with the world stopped; scratch memory. A thread that could not be stopped may allocate
 * meanwhile: blocks that appear after marking began count as reachable. */
#include "classify.h"

#include <string.h>

#include "../preload/space.h"

enum { RING = 32, BATCH = 64, HITS = 512 };

struct leader {
    uintptr_t begin;
    struct carried carried;
};

struct flood {
    const struct mark *m;
    uint64_t *left;        /* lost blocks that were not reached in this pass */
    struct leader *leader; /* candidates, after the second pass leaders; ascending */
    size_t count;
    size_t lost;
    uintptr_t *work; /* blocks to be looked through */
    size_t work_count;
    uintptr_t ring[RING]; /* those whose memory was asked for, oldest at `first` */
    unsigned first, waiting;
    uintptr_t hit[HITS]; /* pointers into the heap that they hold; their bits were asked for */
    size_t hits;
};

static void count_lost(uintptr_t begin, size_t bit, void *arg)
{
    struct flood *f = arg;
    (void)begin;
    (void)bit;
    f->lost++;
}

static void leave(uintptr_t begin, size_t bit, void *arg)
{
    struct flood *f = arg;
    (void)begin;
    f->left[bit / 64] |= (uint64_t)1 << bit % 64;
}

/* Whether the block was not reached so far; now it is. */
static bool take(struct flood *f, size_t bit)
{
    uint64_t one = (uint64_t)1 << bit % 64;
    bool is_left = f->left[bit / 64] & one;
    f->left[bit / 64] &= ~one;
    return is_left;
}

/* --- The stages of a flood, last to first ------------------------------------------------------ */

static void decide(struct flood *f)
{
    for (size_t i = 0; i < f->hits; i++) {
        uintptr_t word = f->hit[i];
        size_t bit = mark_bit_of(f->m, word);
        if (!mark_test(f->left, bit))
            continue;
        uintptr_t begin = mark_begin(f->m, &f->m->slice[bit >> MARK_SLICE_SHIFT], bit);
        struct block b = {.begin = begin};
        bool start;
        if (word != begin && !mark_resolve(word, &b, &start))
            continue;
        take(f, bit);
        f->work[f->work_count++] = b.begin;
    }
    f->hits = 0;
}

static void visit_contents(uintptr_t begin, uintptr_t end, void *arg)
{
    struct flood *f = arg;
    size_t step = f->m->every_byte ? 1 : sizeof(uintptr_t);
    for (; begin + sizeof(uintptr_t) <= end; begin += step) {
        uintptr_t word;
        memcpy(&word, (const void *)begin, sizeof word);
        word &= f->m->kept_bits;
        if (word - f->m->base >= f->m->bytes)
            continue;
        __builtin_prefetch(&f->left[mark_bit_of(f->m, word) / 64]);
        f->hit[f->hits++] = word;
        if (f->hits == HITS)
            decide(f);
    }
}

static void ask(const struct flood *f, uintptr_t begin)
{
    const struct mark_slice *s = &f->m->slice[(begin - f->m->base) >> SLICE_SHIFT];
    __builtin_prefetch((const void *)begin);
    __builtin_prefetch(&slab_at(s->head)->records[mark_index(f->m, s, begin)]);
}

static void fill(struct flood *f)
{
    while (f->waiting < RING && f->work_count) {
        uintptr_t begin = f->work[--f->work_count];
        f->ring[(f->first + f->waiting++) % RING] = begin;
        ask(f, begin);
    }
}

/* What the block reaches and nothing reached before. */
static struct carried flood_from(struct flood *f, uintptr_t origin)
{
    struct carried carried = {0, 0};
    f->work[f->work_count++] = origin;
    for (fill(f); f->waiting; fill(f)) {
        uintptr_t begin = f->ring[f->first++ % RING];
        struct block b;
        f->first %= RING;
        f->waiting--;
        if (alloc_find(begin, &b) && b.begin == begin) {
            carried.bytes += begin != origin ? b.bytes : 0;
            carried.blocks += begin != origin;
            mark_contents(f->m, &b, visit_contents, f);
        }
        if (f->hits >= BATCH || !f->work_count)
            decide(f);
    }
    return carried;
}

static void flood_up(uintptr_t begin, size_t bit, void *arg)
{
    struct flood *f = arg;
    if (!take(f, bit))
        return;
    f->leader[f->count++].begin = begin;
    flood_from(f, begin);
}

static void flood_down(struct flood *f)
{
    struct leader *leader = f->leader + f->count;
    for (struct leader *l = leader; l > f->leader;)
        if (take(f, mark_bit_of(f->m, (--l)->begin)))
            *--leader = (struct leader){l->begin, flood_from(f, l->begin)};
    f->count -= (size_t)(leader - f->leader);
    f->leader = leader;
}

static bool find_leaders(struct flood *f)
{
    mark_each_lost(f->m, count_lost, f);
    f->left = scratch_alloc((f->m->bytes >> SLICE_SHIFT) << MARK_SLICE_SHIFT >> 3);
    f->leader = scratch_alloc((f->lost + 1) * sizeof *f->leader);
    f->work = scratch_alloc((f->lost + 1) * sizeof *f->work);
    if (!f->left || !f->leader || !f->work)
        return false;
    mark_each_lost(f->m, leave, f);
    mark_each_lost(f->m, flood_up, f);
    mark_each_lost(f->m, leave, f);
    flood_down(f);
    return true;
}

/* The block's leader entry, if it has one; blocks are asked about in ascending order. */
static const struct leader *find_leader(struct flood *f, uintptr_t begin)
{
    for (; f->count && f->leader->begin < begin; f->leader++)
        f->count--;
    return f->count && f->leader->begin == begin ? f->leader : NULL;
}

struct telling {
    struct flood *flood;
    classify_fn *visit;
    void *arg;
};

static void tell_lost(const struct telling *t, const struct block *b)
{
    const struct carried none = {0, 0};
    const struct leader *l = find_leader(t->flood, b->begin);
    t->visit(b, l ? LOSS_DEFINITE : LOSS_INDIRECT, l ? l->carried : none, t->arg);
}

static void tell(const struct block *b, void *arg)
{
    const struct telling *t = arg;
    const struct mark *m = t->flood->m;
    const struct carried none = {0, 0};
    if (mark_is_reachable(m, b->slab, b->index))
        t->visit(b, LOSS_REACHABLE, none, t->arg);
    else if (mark_is_possible(m, b->slab, b->index))
        t->visit(b, LOSS_POSSIBLE, none, t->arg);
    else
        tell_lost(t, b);
}

static void tell_if_live(uintptr_t begin, size_t bit, void *arg)
{
    struct block b;
    (void)bit;
    if (alloc_find(begin, &b) && b.begin == begin)
        tell_lost(arg, &b);
}

bool classify(const struct mark *m, classify_fn *visit, void *arg)
{
    struct flood f = {.m = m};
    struct telling t = {&f, visit, arg};
    if (!find_leaders(&f))
        return false;
    mark_each_block(tell, &t);
    return true;
}

bool classify_lost(const struct mark *m, classify_fn *visit, void *arg)
{
    struct flood f = {.m = m};
    struct telling t = {&f, visit, arg};
    if (!find_leaders(&f))
        return false;
    mark_each_lost(m, tell_if_live, &t);
    return true;
}
