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
 * Runs with the world stopped; scratch memory. A thread that could not be stopped may allocate
 * meanwhile: blocks that appear after marking began count as reachable. */
#include "classify.h"

#include <string.h>

#include "../preload/space.h"

struct lost {
    uintptr_t begin;
    struct carried carried; /* of a leader */
    uint32_t pass;          /* last flood that reached it */
    bool candidate, leader;
};

struct flood {
    const struct mark *m;
    struct lost *lost; /* ascending by begin */
    size_t count, capacity;
    size_t *before; /* lost blocks in lower slices, for slices that have some */
    size_t *work;
    size_t work_count;
    uint32_t pass;
    struct lost *from;
};

static void count_lost(uintptr_t begin, size_t bit, void *arg)
{
    struct flood *f = arg;
    (void)begin;
    (void)bit;
    f->capacity++;
}

static void collect_lost(uintptr_t begin, size_t bit, void *arg)
{
    struct flood *f = arg;
    size_t slice = bit >> MARK_SLICE_SHIFT;
    if (!f->count || f->lost[f->count - 1].begin < slice_address(slice))
        f->before[slice] = f->count;
    f->lost[f->count++].begin = begin;
}

/* The block that the word points to, if it is a lost one: its place is the number of lost bits below. */
static struct lost *find(struct flood *f, uintptr_t word, struct block *ret)
{
    size_t bit = mark_bit_of(f->m, word);
    bool start;
    if (!(mark_lost_bits(f->m, bit / 64) >> bit % 64 & 1) || !mark_resolve(word, ret, &start))
        return NULL;
    size_t slice = bit >> MARK_SLICE_SHIFT;
    size_t place = f->before[slice];
    for (size_t i = (slice << MARK_SLICE_SHIFT) / 64; i < bit / 64; i++)
        place += (size_t)__builtin_popcountl(mark_lost_bits(f->m, i));
    uint64_t below = mark_lost_bits(f->m, bit / 64) & (((uint64_t)1 << bit % 64) - 1);
    return &f->lost[place + (size_t)__builtin_popcountl(below)];
}

static void visit_contents(uintptr_t begin, uintptr_t end, void *arg)
{
    struct flood *f = arg;
    size_t step = f->m->every_byte ? 1 : sizeof(uintptr_t);
    for (; begin + sizeof(uintptr_t) <= end; begin += step) {
        struct block b;
        uintptr_t word;
        memcpy(&word, (const void *)begin, sizeof word);
        struct lost *l = find(f, word & f->m->kept_bits, &b);
        if (!l || l->pass == f->pass)
            continue;
        l->pass = f->pass;
        f->from->carried.bytes += b.bytes;
        f->from->carried.blocks++;
        f->work[f->work_count++] = (size_t)(l - f->lost);
    }
}

static void flood_from(struct flood *f, struct lost *l)
{
    l->pass = f->pass;
    l->carried = (struct carried){0, 0};
    f->from = l;
    f->work[f->work_count++] = (size_t)(l - f->lost);
    while (f->work_count) {
        struct block b;
        if (alloc_find(f->lost[f->work[--f->work_count]].begin, &b))
            mark_contents(f->m, &b, visit_contents, f);
    }
}

static bool find_leaders(struct flood *f)
{
    mark_each_lost(f->m, count_lost, f);
    f->lost = scratch_alloc((f->capacity + 1) * sizeof *f->lost);
    f->work = scratch_alloc((f->capacity + 1) * sizeof *f->work);
    f->before = scratch_alloc((f->m->bytes >> SLICE_SHIFT) * sizeof *f->before);
    if (!f->lost || !f->work || !f->before)
        return false;
    mark_each_lost(f->m, collect_lost, f);
    f->pass = 1;
    for (size_t i = 0; i < f->count; i++)
        if (f->lost[i].pass != f->pass) {
            f->lost[i].candidate = true;
            flood_from(f, &f->lost[i]);
        }
    f->pass = 2;
    for (size_t i = f->count; i-- > 0;)
        if (f->lost[i].candidate && f->lost[i].pass != f->pass) {
            f->lost[i].leader = true;
            flood_from(f, &f->lost[i]);
        }
    return true;
}

struct telling {
    const struct flood *flood;
    size_t next; /* lost block that has not been told yet */
    classify_fn *visit;
    void *arg;
};

static void tell(const struct block *b, void *arg)
{
    struct telling *t = arg;
    const struct flood *f = t->flood;
    const struct carried none = {0, 0};
    if (mark_is_reachable(f->m, b->slab, b->index)) {
        t->visit(b, LOSS_REACHABLE, none, t->arg);
    } else if (mark_is_possible(f->m, b->slab, b->index)) {
        t->visit(b, LOSS_POSSIBLE, none, t->arg);
    } else {
        while (t->next < f->count && f->lost[t->next].begin < b->begin)
            t->next++;
        const struct lost *l = t->next < f->count ? &f->lost[t->next] : NULL;
        bool known = l && l->begin == b->begin;
        enum loss_kind kind = !known ? LOSS_REACHABLE : l->leader ? LOSS_DEFINITE : LOSS_INDIRECT;
        t->visit(b, kind, kind == LOSS_DEFINITE ? l->carried : none, t->arg);
    }
}

bool classify(const struct mark *m, classify_fn *visit, void *arg)
{
    struct flood f = {.m = m};
    struct telling t = {.flood = &f, .visit = visit, .arg = arg};
    if (!find_leaders(&f))
        return false;
    mark_each_block(tell, &t);
    return true;
}

bool classify_lost(const struct mark *m, classify_fn *visit, void *arg)
{
    const struct carried none = {0, 0};
    struct flood f = {.m = m};
    if (!find_leaders(&f))
        return false;
    for (size_t i = 0; i < f.count; i++) {
        const struct lost *l = &f.lost[i];
        struct block b;
        if (alloc_find(l->begin, &b) && b.begin == l->begin)
            visit(&b, l->leader ? LOSS_DEFINITE : LOSS_INDIRECT, l->leader ? l->carried : none,
                  arg);
    }
    return true;
}
