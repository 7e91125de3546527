/* SPDX-License-Identifier: MIT
 *
 * Memory for our own records: outside the cage, never a root, never the program's malloc (I4). */
#ifndef LEAKGC_META_H
#define LEAKGC_META_H

#include <stddef.h>

/* 16-byte aligned, contents undefined when the memory was used before; NULL when the system gives
 * none. Sizes are rounded up by a quarter at most; pages never touched cost nothing. Thread-safe. */
void *meta_alloc(size_t bytes);
void *meta_alloc_zeroed(size_t bytes);

/* Gives back what meta_alloc(bytes) returned, with the same bytes. NULL is allowed. */
void meta_free(void *p, size_t bytes);

/* For tests: the allocation after the next `successes` ones fails, once; -1: never. */
extern long meta_fail_after;

#endif
