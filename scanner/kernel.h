/* SPDX-License-Identifier: MIT
 *
 * Pointers that only the kernel holds: the data of epoll entries, the values of timers. */
#ifndef LEAKGC_KERNEL_H
#define LEAKGC_KERNEL_H

#include "mark.h"

/* Asks the kernel for them. Memory is scratch; for the scan under way. The threads may run: what moves
 * between the kernel and memory meanwhile is found by one of two calls, round a stop of them. */
void kernel_ask(void);

/* Marks from what the last call found. */
void kernel_mark(struct mark *m);

#endif
