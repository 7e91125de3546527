/* SPDX-License-Identifier: MIT
 *
 * From marks to kinds of loss: which lost block leads, which is lost only through it. */
#ifndef LEAKGC_CLASSIFY_H
#define LEAKGC_CLASSIFY_H

#include <stdbool.h>

#include "../preload/options.h"
#include "mark.h"

/* Calls visit once for every live block, in ascending order of address. `carried` is, for a
 * definitely lost block, what is lost only through it (blocks shared by two leaders count for the
 * one with the higher address); else 0. False: no memory, nothing was visited. */
struct carried {
    size_t bytes, blocks;
};
typedef void classify_fn(const struct block *b, enum loss_kind kind, struct carried carried,
                         void *arg);
bool classify(const struct mark *m, classify_fn *visit, void *arg);

/* The same for lost blocks only; the program may run, and what it frees meanwhile is not visited. */
bool classify_lost(const struct mark *m, classify_fn *visit, void *arg);

#endif
