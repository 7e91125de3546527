/* SPDX-License-Identifier: MIT
 *
 * Threads of our own that share a piece of work with the one that scans, while the program stands still. */
#ifndef LEAKGC_CREW_H
#define LEAKGC_CREW_H

#include <stdbool.h>
#include <stdint.h>

/* Hires up to `threads`, fewer if there are fewer processors; how many. Memory is scratch. The thread of
 * our own (ghost.h) only, as for all that follows but crew_has. crew_end: they are gone when it returns. */
unsigned crew_begin(unsigned threads);
void crew_end(void);

/* Calls work(part, arg) for each part in [0, parts), once, in any order and on any of the threads, the
 * caller among them; returns when all are done. Works without a crew, too. `work` takes no lock, and
 * no memory. */
void crew_run(void (*work)(uint32_t part, void *arg), void *arg, uint32_t parts);

/* Whether it is one of them. Any thread. */
bool crew_has(int tid);

/* Processor time of all that have ended, in nanoseconds. */
uint64_t crew_cpu(void);

/* In the child of fork, where they are not. */
void crew_after_fork(void);

#endif
