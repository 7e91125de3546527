/* SPDX-License-Identifier: MIT
 *
 * A map from address ranges [lo, hi) to a number, built once and then only searched. Ranges may nest
 * and overlap. A `struct ranges` full of zeros is an empty map. */
#ifndef LEAKGC_TOOLS_RANGES_H
#define LEAKGC_TOOLS_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
    uint64_t lo, hi;
    uint64_t reach; /* the highest hi of this range and all before it, once sorted */
    size_t value;
};

struct ranges {
    struct range *items;
    size_t count, capacity;
};

/* Empty ranges are dropped. */
void ranges_add(struct ranges *ranges, uint64_t lo, uint64_t hi, size_t value);
/* To be called after the last add and before the first find. */
void ranges_sort(struct ranges *ranges);
/* The value of the range that contains addr; of several, the one that starts last; of those, the
 * shortest; of those, the lowest value. False when there is none. */
bool ranges_find(const struct ranges *ranges, uint64_t addr, size_t *ret_value);
void ranges_done(struct ranges *ranges);

#endif
