/* SPDX-License-Identifier: MIT
 *
 * The roots: where the program keeps pointers outside its heap. */
#ifndef LEAKGC_ROOTS_H
#define LEAKGC_ROOTS_H

#include "mark.h"
#include "stop.h"

/* Memory that is not a root or was looked at already: [begin, end), any order. */
struct ranges {
    struct range {
        uintptr_t begin, end;
    } * range;
    size_t count, most;
};

/* Marks from every root kind that the options allow. World stopped. False: no scratch memory.
 * I12: adding a root never adds a leak. */
bool roots_mark(struct mark *m, const struct maps *maps, const struct stop *stop);

#endif
