/* SPDX-License-Identifier: MIT
 *
 * Owns the address map. The idea: an array sorted by start, in which each element also knows how
 * far all elements up to it reach. A search finds the last start at or below the address by
 * bisection and walks back over ranges that ended too early; it stops as soon as nothing before
 * can reach the address. With disjoint ranges, the normal case, that is one step.
 *
 * Invariants: 1. lo < hi in every element. 2. After ranges_sort, items are ordered by `before`
 * and items[i].reach == max(items[0..i].hi).
 *
 * Runs in ordinary context. */
#include "ranges.h"

#include <stdlib.h>

#include "mem.h"

void ranges_add(struct ranges *ranges, uint64_t lo, uint64_t hi, size_t value)
{
    if (lo >= hi)
        return;
    ranges->items = mem_grow(ranges->items, ranges->count, &ranges->capacity, sizeof(struct range));
    ranges->items[ranges->count++] = (struct range){.lo = lo, .hi = hi, .value = value};
}

/* The order in which a backward walk meets the better range first. */
static int before(const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    if (a->lo != b->lo)
        return a->lo < b->lo ? -1 : 1;
    if (a->hi != b->hi)
        return a->hi > b->hi ? -1 : 1;
    return (a->value < b->value) - (a->value > b->value);
}

void ranges_sort(struct ranges *ranges)
{
    if (ranges->count == 0)
        return;
    qsort(ranges->items, ranges->count, sizeof(struct range), before);
    uint64_t reach = 0;
    for (size_t i = 0; i < ranges->count; i++) {
        if (ranges->items[i].hi > reach)
            reach = ranges->items[i].hi;
        ranges->items[i].reach = reach;
    }
}

bool ranges_find(const struct ranges *ranges, uint64_t addr, size_t *ret_value)
{
    size_t low = 0, high = ranges->count; /* the first start above addr is in [low, high] */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges->items[middle].lo <= addr)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i-- > 0 && ranges->items[i].reach > addr;) {
        if (ranges->items[i].hi > addr) {
            *ret_value = ranges->items[i].value;
            return true;
        }
    }
    return false;
}

void ranges_done(struct ranges *ranges)
{
    free(ranges->items);
    *ranges = (struct ranges){0};
}
