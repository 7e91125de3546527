/* SPDX-License-Identifier: MIT
 *
 * Blocks grouped by allocation site: one group per call stack and kind of loss. */
#ifndef LEAKGC_GROUP_H
#define LEAKGC_GROUP_H

#include "../preload/options.h"
#include "../scanner/scan.h"
#include "table.h"

struct site_key {
    uint32_t trace;
    uint32_t kind; /* enum loss_kind */
};

struct site {
    struct site_key key;
    size_t bytes, blocks;
    struct carried carried;    /* definite: lost only through these blocks */
    uint32_t oldest, youngest; /* birth stamps */
    uint32_t thread;           /* number of the thread that allocated the first block */
    bool several_threads;
    UT_hash_handle hh;
};

struct total {
    size_t bytes, blocks;
};

/* Identity (I14): total[k] = sum of the sites of kind k + unlisted[k], for the kinds listed. */
struct groups {
    uint32_t listed_kinds; /* bits 1 << kind: which kinds get sites; the others only count */
    struct site *table;
    struct site **site; /* after groups_sort: [count], most important first */
    size_t count;
    struct total total[LOSS_KINDS];
    struct total unlisted[LOSS_KINDS]; /* blocks whose site found no memory */
};

void groups_init(struct groups *g, uint32_t listed_kinds);

/* A classify_fn; arg is a struct groups. World stopped, scratch memory. */
void groups_add(const struct block *b, enum loss_kind kind, struct carried carried, void *arg);

/* Orders the sites: by kind, then bytes and blocks descending, then by their stacks, so that the
 * order is the same in every run (I15). False: no memory. */
bool groups_sort(struct groups *g);

#endif
