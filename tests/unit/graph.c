/* SPDX-License-Identifier: MIT
 *
 * Owns the graphs of graph.h. The judgement shares nothing with the product but the rules: memcheck's
 * nine shapes, one leader (the lowest address) for each group that nothing else lost points to, and
 * what two leaders reach is carried by the higher one. */
#include "graph.h"

#include "../../preload/alloc.h"
#include "../../preload/space.h"

enum { WORDS_LEAST = NODES_MOST + 8 };

static int compare(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a;
    uintptr_t y = *(const uintptr_t *)b;
    return (x > y) - (x < y);
}

/* Room for an edge to every node. Three size classes and two large sizes. */
static size_t size_of(unsigned i)
{
    static const size_t sizes[] = {WORDS_LEAST * 8, WORDS_LEAST * 8 + 120, 5000, 40000, 100000};
    return i % 17 == 16 ? sizes[3 + i % 2] : sizes[i % 3];
}

void graph_init(struct graph *g, unsigned nodes)
{
    memset(g, 0, sizeof *g);
    g->nodes = nodes;
    for (unsigned i = 0; i < nodes; i++) {
        g->node[i] = (uintptr_t)alloc_new(size_of(i), 16, true, unit_frame);
        REQUIRE(g->node[i]);
    }
    qsort(g->node, nodes, sizeof *g->node, compare);
    for (unsigned i = 0; i < nodes; i++)
        g->bytes[i] = alloc_bytes((void *)g->node[i], unit_frame);
}

static uintptr_t pointer(const struct graph *g, unsigned to, enum edge kind, uint64_t *seed)
{
    if (kind == START)
        return g->node[to];
    /* not 8 and not a multiple of 8, which heuristics may take for a start */
    return g->node[to] + 9 + 2 * unit_below(seed, (g->bytes[to] - 9) / 2);
}

void graph_write(struct graph *g, uint64_t *seed)
{
    for (unsigned from = 0; from < g->nodes; from++) {
        uintptr_t *words = (uintptr_t *)g->node[from];
        size_t count = g->bytes[from] / 8;
        memset(words, 0, g->bytes[from]);
        for (unsigned to = 0; to < g->nodes; to++) {
            size_t at = unit_below(seed, count);
            if (!g->edge[from][to])
                continue;
            while (words[at])
                at = (at + 1) % count;
            words[at] = pointer(g, to, g->edge[from][to], seed);
        }
    }
    for (unsigned i = 0; i < g->nodes; i++)
        g->roots[i] = g->root[i] ? pointer(g, i, g->root[i], seed) : 0;
}

/* --- The judgement ---------------------------------------------------------------------------- */

typedef bool relation[NODES_MOST][NODES_MOST];

static void close_over(const struct graph *g, relation r)
{
    for (unsigned k = 0; k < g->nodes; k++)
        for (unsigned i = 0; i < g->nodes; i++)
            for (unsigned j = 0; r[i][k] && j < g->nodes; j++)
                r[i][j] |= r[k][j];
}

static void relate(const struct graph *g, relation r, bool interior_too)
{
    for (unsigned i = 0; i < g->nodes; i++)
        for (unsigned j = 0; j < g->nodes; j++)
            r[i][j] = i == j || g->edge[i][j] == START || (interior_too && g->edge[i][j]);
    close_over(g, r);
}

static void judge_lost(struct graph *g, const bool *lost, relation any)
{
    bool counted[NODES_MOST] = {0};
    for (unsigned i = 0; i < g->nodes; i++) {
        if (!lost[i])
            continue;
        g->kind[i] = LOSS_DEFINITE;
        for (unsigned j = 0; j < g->nodes; j++) {
            bool from_elsewhere = lost[j] && j != i && any[j][i];
            bool same_cycle = any[i][j];
            if (from_elsewhere && (!same_cycle || j < i))
                g->kind[i] = LOSS_INDIRECT;
        }
    }
    for (unsigned i = g->nodes; i-- > 0;)
        for (unsigned j = 0; lost[i] && g->kind[i] == LOSS_DEFINITE && j < g->nodes; j++)
            if (j != i && lost[j] && any[i][j] && g->kind[j] == LOSS_INDIRECT && !counted[j]) {
                counted[j] = true;
                g->carried[i].blocks++;
                g->carried[i].bytes += g->bytes[j];
            }
}

void graph_judge(struct graph *g)
{
    static relation start, any;
    bool lost[NODES_MOST];
    relate(g, start, false);
    relate(g, any, true);
    for (unsigned i = 0; i < g->nodes; i++) {
        bool reachable = false;
        bool found = false;
        for (unsigned r = 0; r < g->nodes; r++) {
            reachable |= g->root[r] == START && start[r][i];
            found |= g->root[r] && any[r][i];
        }
        g->kind[i] = reachable ? LOSS_REACHABLE : LOSS_POSSIBLE;
        g->carried[i] = (struct carried){0, 0};
        lost[i] = !found;
    }
    judge_lost(g, lost, any);
}

/* --- What the product says -------------------------------------------------------------------- */

void graph_mark(struct graph *g, const struct maps *maps)
{
    REQUIRE(mark_init(&g->mark, maps));
    mark_range(&g->mark, (uintptr_t)g->roots, (uintptr_t)(g->roots + g->nodes));
    mark_flood(&g->mark);
    REQUIRE(!g->mark.failed);
}

static void hear(const struct block *b, enum loss_kind kind, struct carried carried, void *arg)
{
    struct graph *g = arg;
    const uintptr_t *place = bsearch(&b->begin, g->node, g->nodes, sizeof *g->node, compare);
    if (!place)
        return; /* not of this graph */
    unsigned i = (unsigned)(place - g->node);
    REQUIRE(i == g->visits); /* ascending, once */
    REQUIRE(b->bytes == g->bytes[i]);
    g->told[i] = kind;
    g->told_carried[i] = carried;
    g->visits++;
}

void graph_classify(struct graph *g)
{
    g->visits = 0;
    REQUIRE(classify(&g->mark, hear, g));
    REQUIRE(g->visits == g->nodes);
}

void graph_randomize(struct graph *g, uint64_t *seed, unsigned edges, unsigned roots)
{
    memset(g->edge, 0, sizeof g->edge);
    memset(g->root, 0, sizeof g->root);
    for (unsigned i = 0; i < edges; i++)
        g->edge[unit_below(seed, g->nodes)][unit_below(seed, g->nodes)] =
            unit_below(seed, 5) ? START : INTERIOR;
    for (unsigned i = 0; i < roots; i++)
        g->root[unit_below(seed, g->nodes)] = unit_below(seed, 4) ? START : INTERIOR;
}
