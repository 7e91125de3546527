/* SPDX-License-Identifier: MIT
 *
 * Graphs built in real blocks, and an independent judgement on them: reachability by a matrix
 * closure, cycles by mutual reachability. For test_mark.c and test_classify.c. */
#ifndef LEAKGC_UNIT_GRAPH_H
#define LEAKGC_UNIT_GRAPH_H

#include "../../scanner/classify.h"
#include "../../scanner/mark.h"
#include "unit.h"

enum { NODES_MOST = 200 };

/* Start pointers, or pointers into the middle. */
enum edge { NO_EDGE, START, INTERIOR };

struct graph {
    unsigned nodes;
    uintptr_t node[NODES_MOST]; /* ascending */
    size_t bytes[NODES_MOST];
    enum edge edge[NODES_MOST][NODES_MOST]; /* from, to */
    enum edge root[NODES_MOST];

    /* The judgement. */
    enum loss_kind kind[NODES_MOST];
    struct carried carried[NODES_MOST];

    /* What the product said. */
    uintptr_t roots[NODES_MOST];
    struct mark mark;
    enum loss_kind told[NODES_MOST];
    struct carried told_carried[NODES_MOST];
    unsigned visits;
};

/* New blocks without edges, in ascending order of address; of different sizes and kinds. */
void graph_init(struct graph *g, unsigned nodes);

/* Writes the edges into the blocks (words in random places) and the roots into g->roots. */
void graph_write(struct graph *g, uint64_t *seed);

/* Fills kind and carried by brute force. */
void graph_judge(struct graph *g);

/* mark_init, the roots, mark_flood. */
void graph_mark(struct graph *g, const struct maps *maps);

/* Classifies into told and told_carried. */
void graph_classify(struct graph *g);

/* Random edges; density in edges a node. */
void graph_randomize(struct graph *g, uint64_t *seed, unsigned edges, unsigned roots);

#endif
