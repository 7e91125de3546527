/* SPDX-License-Identifier: MIT
 *
 * How often the program is scanned while it runs, and which scans look at all of the heap.
 *
 * All functions: the thread of our own; pace_restart also where there is no other thread. */
#ifndef LEAKGC_PACE_H
#define LEAKGC_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* What a scan was. */
struct pace_scan {
    uint64_t begun_ms; /* uptime */
    uint64_t cpu_ns;
    uint64_t dirty_pages;
    bool partial; /* it was (live.h) */
    bool done;    /* it came to a result */
};

/* The next scan by interval is one interval from now, and full. */
void pace_restart(void);

/* Uptime in milliseconds of the next scan by interval. */
uint64_t pace_next_ms(void);

/* Whether a scan that begins now, for no special reason, may be partial. */
bool pace_is_partial(void);

/* A scan has ended: reckons when the next one is, and whether anything is kept for it. */
void pace_note(const struct pace_scan *scan);

#endif
