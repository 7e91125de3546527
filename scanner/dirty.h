/* SPDX-License-Identifier: MIT
 *
 * Following what the program writes to the cage. */
#ifndef LEAKGC_DIRTY_H
#define LEAKGC_DIRTY_H

#include <stdbool.h>
#include <stdint.h>

/* From now on writes are followed: each page is protected, and its first write is noted by the kernel.
 * False: the kernel or a sandbox does not allow it; *ret_why says in one word what. The pagemap is open
 * (maps_present_open). */
bool dirty_begin(const char **ret_why);

/* Calls visit for each run of pages that were written since the last time, and protects them again. */
bool dirty_take(void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg);

/* Nobody asks any more. dirty_close: gives the descriptor back, at the end of the thread that scans. */
void dirty_end(void);
void dirty_close(void);

/* In the child of fork, where nothing is followed. */
void dirty_after_fork(void);

#endif
