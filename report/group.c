/* SPDX-License-Identifier: MIT
 *
 * Owns the grouping of blocks into sites (group.h). One hash table lookup a block: linear, whatever
 * the number of leaks. Runs with the world stopped (groups_add) and in ordinary context. */
#include "group.h"

#include <string.h>

#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/trace.h"

void groups_init(struct groups *g, uint32_t listed_kinds)
{
    memset(g, 0, sizeof *g);
    g->listed_kinds = listed_kinds;
}

static struct site *new_site(struct groups *g, struct site_key key, const struct block *b)
{
    struct site *s = scratch_alloc(sizeof *s);
    if (!s)
        return NULL;
    s->key = key;
    s->oldest = UINT32_MAX;
    s->thread = slab_thread_of(b->slab, b->index);
    HASH_ADD(hh, g->table, key, sizeof s->key, s);
    if (!s->hh.tbl)
        return NULL;
    g->count++;
    return s;
}

void groups_add(const struct block *b, enum loss_kind kind, struct carried carried, void *arg)
{
    struct groups *g = arg;
    struct site_key key = {.trace = record_trace(b->record), .kind = kind};
    struct site *s = NULL;
    if (key.trace == TRACE_INTERNAL)
        return; /* ours, not the program's */
    g->total[kind].bytes += b->bytes;
    g->total[kind].blocks++;
    if (!(g->listed_kinds >> kind & 1))
        return;
    HASH_FIND(hh, g->table, &key, sizeof key, s);
    if (!s && !(s = new_site(g, key, b))) {
        g->unlisted[kind].bytes += b->bytes;
        g->unlisted[kind].blocks++;
        return;
    }
    uint32_t birth = record_birth(b->record);
    s->bytes += b->bytes;
    s->blocks++;
    s->carried.bytes += carried.bytes;
    s->carried.blocks += carried.blocks;
    s->oldest = birth < s->oldest ? birth : s->oldest;
    s->youngest = birth > s->youngest ? birth : s->youngest;
    s->several_threads |= slab_thread_of(b->slab, b->index) != s->thread;
}

/* Addresses differ between runs; offsets in modules do not. */
static int compare_frames(const struct trace_frame *x, const struct trace_frame *y)
{
    if (x->pc == y->pc)
        return 0;
    const struct module *mx = module_at(x->pc, x->module_time);
    const struct module *my = module_at(y->pc, y->module_time);
    int by_path = mx && my ? strcmp(mx->path, my->path) : (mx != NULL) - (my != NULL);
    if (by_path)
        return by_path;
    uintptr_t ox = x->pc - (mx ? mx->bias : 0);
    uintptr_t oy = y->pc - (my ? my->bias : 0);
    return (ox > oy) - (ox < oy);
}

static int compare_stacks(uint32_t a, uint32_t b)
{
    struct trace_frame x, y;
    while (a != b) {
        bool has_x = trace_next(&a, &x), has_y = trace_next(&b, &y);
        int order = has_x && has_y ? compare_frames(&x, &y) : has_x - has_y;
        if (order || !has_x)
            return order;
    }
    return 0;
}

static int compare_sites(struct site *a, struct site *b)
{
    if (a->key.kind != b->key.kind)
        return a->key.kind < b->key.kind ? -1 : 1;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    if (a->blocks != b->blocks)
        return a->blocks > b->blocks ? -1 : 1;
    return compare_stacks(a->key.trace, b->key.trace);
}

static void merge(struct site *into, const struct site *s)
{
    into->bytes += s->bytes;
    into->blocks += s->blocks;
    into->carried.bytes += s->carried.bytes;
    into->carried.blocks += s->carried.blocks;
    into->oldest = s->oldest < into->oldest ? s->oldest : into->oldest;
    into->youngest = s->youngest > into->youngest ? s->youngest : into->youngest;
    into->several_threads |= s->several_threads || s->thread != into->thread;
}

static void unlist(struct groups *g, const struct site *s)
{
    g->unlisted[s->key.kind].bytes += s->bytes;
    g->unlisted[s->key.kind].blocks += s->blocks;
    g->count--;
}

/* Sites whose stacks are the same as far as they are shown become one. */
static void cut_stacks(struct groups *g)
{
    struct site *old = g->table, *s, *next, *same;
    g->table = NULL;
    HASH_ITER(hh, old, s, next)
    {
        s->key.trace = trace_cut(s->key.trace, options.stack_depth);
        HASH_FIND(hh, g->table, &s->key, sizeof s->key, same);
        if (same) {
            merge(same, s);
            g->count--;
            continue;
        }
        HASH_ADD(hh, g->table, key, sizeof s->key, s);
        if (!s->hh.tbl)
            unlist(g, s);
    }
}

bool groups_sort(struct groups *g)
{
    size_t n = 0;
    cut_stacks(g);
    HASH_SRT(hh, g->table, compare_sites);
    g->site = scratch_alloc((g->count + 1) * sizeof(struct site *));
    if (!g->site)
        return false;
    for (struct site *s = g->table; s; s = s->hh.next)
        g->site[n++] = s;
    return true;
}
