/* SPDX-License-Identifier: MIT
 *
 * Scanning a copy of the process. */
#ifndef LEAKGC_SNAPSHOT_H
#define LEAKGC_SNAPSHOT_H

#include "live.h"

/* The threads stand still for the time of a fork; the copy is searched while they run. False: there
 * can't be such a copy, and l->why says why not; another method has to do it. */
bool snapshot_scan(struct live *l);

/* Processor time of all copies that came to their end, in nanoseconds. */
uint64_t snapshot_cpu(void);

#endif
