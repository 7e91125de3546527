/* SPDX-License-Identifier: MIT
 *
 * Memory for the command: like malloc, but a failure ends the process with one line on stderr and
 * exit status. Sizes are count * size, checked for overflow. Freed with free(). */
#ifndef LEAKGC_TOOLS_MEM_H
#define LEAKGC_TOOLS_MEM_H

#include <stddef.h>

/* The exit status instead of 1, for commands that say something else by 1. */
void mem_fail_with(int exit_status);

/* Zeroed; never NULL, also for count 0. */
void *mem_zeroed(size_t count, size_t size);
char *mem_string(const char *s);
/* printf into new memory. */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The array grown (geometrically) so that it holds more than `count` elements; *capacity in
 * elements is updated. Starts from NULL and capacity 0. */
void *mem_grow(void *array, size_t count, size_t *capacity, size_t size);

#endif
