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
 * meanwhile: blocks that appear between two walks count as reachable. */
#include "classify.h"

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
    size_t *work;
    size_t work_count;
    uint32_t pass;
    struct lost *from;
};

static bool is_lost(const struct mark *m, const struct block *b)
{
    return !mark_is_reachable(m, b->slab, b->index) && !mark_is_possible(m, b->slab, b->index);
}

static void count_lost(const struct block *b, void *arg)
{
    struct flood *f = arg;
    f->capacity += is_lost(f->m, b);
}

static void collect_lost(const struct block *b, void *arg)
{
    struct flood *f = arg;
    if (f->count < f->capacity && is_lost(f->m, b))
        f->lost[f->count++].begin = b->begin;
}

static struct lost *find(struct flood *f, uintptr_t begin)
{
    size_t low = 0;
    size_t high = f->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->lost[middle].begin < begin)
            low = middle + 1;
        else
            high = middle;
    }
    return low < f->count && f->lost[low].begin == begin ? &f->lost[low] : NULL;
}

static void visit_contents(uintptr_t begin, uintptr_t end, void *arg)
{
    struct flood *f = arg;
    for (const uintptr_t *word = (const uintptr_t *)begin; (uintptr_t)(word + 1) <= end; word++) {
        struct block b;
        bool start;
        if (!mark_resolve(*word, &b, &start) || !is_lost(f->m, &b))
            continue;
        struct lost *l = find(f, b.begin);
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
    mark_each_block(count_lost, f);
    f->lost = scratch_alloc((f->capacity + 1) * sizeof *f->lost);
    f->work = scratch_alloc((f->capacity + 1) * sizeof *f->work);
    if (!f->lost || !f->work)
        return false;
    mark_each_block(collect_lost, f);
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
    struct flood *flood;
    classify_fn *visit;
    void *arg;
};

static void tell(const struct block *b, void *arg)
{
    struct telling *t = arg;
    const struct mark *m = t->flood->m;
    struct carried none = {0, 0};
    if (mark_is_reachable(m, b->slab, b->index)) {
        t->visit(b, LOSS_REACHABLE, none, t->arg);
    } else if (mark_is_possible(m, b->slab, b->index)) {
        t->visit(b, LOSS_POSSIBLE, none, t->arg);
    } else {
        const struct lost *l = find(t->flood, b->begin);
        enum loss_kind kind = !l ? LOSS_REACHABLE : l->leader ? LOSS_DEFINITE : LOSS_INDIRECT;
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
