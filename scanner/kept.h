/* SPDX-License-Identifier: MIT
 *
 * What a concurrent scan leaves to the next one, so that this need not look at all of the heap again.
 *
 * All functions: the thread of our own, LOCK_CHECK. */
#ifndef LEAKGC_KEPT_H
#define LEAKGC_KEPT_H

#include "mark.h"

/* Whether the last scan left anything, which does for the cage as it is. */
bool kept_any(void);

/* Memory for a scan, and with `again` what the last one left (kept_any) in it: ret->since is when that began. From
 * here until kept_leave nothing is left. False: no memory. kept_begin comes before the scan's birth stamp is
 * taken, kept_began after it. */
bool kept_begin(bool again, size_t slices, struct mark_kept *ret);
void kept_began(uint32_t birth);

/* Pages of the cage that were written since the scan took its birth stamp, and are protected again: the next scan
 * looks at them once more. kept_note_before: since the last look of the scan before; this scan looks at them.
 * kept_each: all that it has to look at, those of the scan before among them. */
void kept_note(uintptr_t begin, uintptr_t end);
void kept_note_before(uintptr_t begin, uintptr_t end);
void kept_each(void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg);

/* The scan has come to its end: what it found to be reachable is left. birth: the stamp that it began with. */
void kept_leave(uint32_t birth);

/* Gives the memory back. Also in the child of fork, whoever had it. */
void kept_forget(void);

#endif
