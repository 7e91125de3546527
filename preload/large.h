/* SPDX-License-Identifier: MIT
 *
 * Blocks above SIZECLASS_MOST, or with an alignment that no class has: a span each. */
#ifndef LEAKGC_LARGE_H
#define LEAKGC_LARGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slab.h"

/* `align` is a power of two. *ret_zeroed: the memory is known to be zero. NULL: no memory. */
void *large_alloc(size_t bytes, size_t align, record r, uint32_t thread, bool *ret_zeroed);

/* free_trace: call stack of the free, or 0. */
void large_free(struct slab *s, uint32_t free_trace);

/* Changes the size in place and takes over the new record; false when it can't be done here. */
bool large_resize(struct slab *s, size_t bytes, record r, uint32_t thread);

/* Moves a block to where it can grow to `bytes`, its pages if that pays, with the new record; the new
 * address, or NULL when it can't be done or would not pay. */
void *large_move(struct slab *s, size_t bytes, record r, uint32_t thread, uint32_t free_trace);

/* Of a freed block's descriptor: the call stack of the free, or 0. */
uint32_t large_free_trace(const struct slab *s);

#endif
