/* SPDX-License-Identifier: MIT
 *
 * Several reports made into one. Modules are the same when their build ids are (without one: path and size), frames
 * when their callers and their offsets in the module are, sites when their stacks and kinds are: wherever the
 * processes had them in memory.
 *
 *     struct combine *c = combine_begin(&m);
 *     combine_add(c, &one, true); ...        `one` may go after each
 *     combine_end(c);
 *     model_select, naming
 *     combine_names(&m);                     sums stacks that read the same, of different builds */
#ifndef LEAKGC_TOOLS_COMBINE_H
#define LEAKGC_TOOLS_COMBINE_H

#include "model.h"

struct combine;

/* *ret is empty until the end; then to be given back by model_done. */
struct combine *combine_begin(struct model *ret);
/* counts_totals: add its totals and name its process too; else only its sites. */
void combine_add(struct combine *c, const struct model *one, bool counts_totals);
void combine_end(struct combine *c);

/* Sums sites whose kinds, functions, files and lines are the same. What is shown is to be selected
 * again. */
void combine_names(struct model *m);

#endif
