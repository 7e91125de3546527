/* SPDX-License-Identifier: MIT
 *
 * Allocation as the program means it: sizes and alignments in, recorded blocks out. The functions
 * of the malloc family (hooks.c) are thin names over these. `frame` is CAPTURE_FRAME of the entry
 * point. All are thread-safe; errno is changed only on failure (I6). */
#ifndef LEAKGC_ALLOC_H
#define LEAKGC_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slab.h"

enum { ALIGN_LEAST = 16 };

/* A new block; align is a power of two. NULL and ENOMEM on failure. */
void *alloc_new(size_t bytes, size_t align, bool zero, const uintptr_t *frame);

/* Frees; NULL is allowed. Anything that is not a live block ends in alloc_error_handler. */
void alloc_free(void *p, const uintptr_t *frame);

/* realloc: p NULL allocates, bytes 0 frees and returns NULL. */
void *alloc_resize(void *p, size_t bytes, const uintptr_t *frame);

/* Requested size of a live block; 0 for NULL. */
size_t alloc_bytes(const void *p, const uintptr_t *frame);

/* A block, found from any address inside it. */
struct block {
    struct slab *slab;
    size_t index;
    uintptr_t begin;
    size_t bytes; /* requested */
    record record;
};

/* Finds the live block whose [begin, begin + max(bytes, 1)) holds the address. Lock-free. */
bool alloc_find(uintptr_t address, struct block *ret_block);

/* A wrong call of the program. */
enum alloc_error { ERROR_DOUBLE_FREE, ERROR_INTERIOR, ERROR_FOREIGN };
struct alloc_failure {
    enum alloc_error error;
    const char *verb; /* "free", "realloc", "malloc_usable_size" */
    uintptr_t address;
    struct block block; /* INTERIOR: the live block; DOUBLE_FREE: begin, bytes */
    uint32_t allocated; /* trace of the allocation, 0: not known */
    uint32_t freed;     /* trace of the first free, 0: not known */
    const uintptr_t *frame;
};

/* Tells the person; returns to let the process abort. Set once by report/. */
extern void (*alloc_error_handler)(const struct alloc_failure *);

/* Totals, by a walk over the spans: O(slices). */
struct alloc_stats {
    size_t live_blocks, live_bytes; /* slots in use, and their bytes */
    size_t mapped_bytes, free_bytes, large_blocks, large_bytes;
};
struct alloc_stats alloc_stats(void);

#endif
