/* SPDX-License-Identifier: MIT
 *
 * The call stacks that `leakgc top` shows, from one report to the next. */
#ifndef LEAKGC_TOOLS_TOP_ROWS_H
#define LEAKGC_TOOLS_TOP_ROWS_H

#include "model.h"
#include "naming.h"

struct top_row {
    uint64_t id;                   /* of the call stack, in this process */
    uint64_t bytes, blocks, lost;  /* in the last report; lost: bytes, definite and indirect */
    uint64_t first_bytes;          /* in the first report */
    const struct model_site *site; /* of the last report; NULL: not there */
    char *where, *stack;           /* after top_rows_name: one line; lines. NULL: not named yet */
};

struct top_rows {
    struct top_row **row; /* all that ever were */
    size_t count, capacity;
    size_t *slot; /* hash table of numbers of rows + 1 */
    size_t slot_count;
    bool has_first;
};

/* Takes in a report, which must live until the next. */
void top_rows_update(struct top_rows *rows, const struct model *m);
/* Finds names for these, where they have none. Changes what of the model is shown. */
void top_rows_name(struct top_row *const *row, size_t count, struct model *m,
                   const struct naming *naming);
void top_rows_done(struct top_rows *rows);

#endif
