/* SPDX-License-Identifier: MIT
 *
 * Scans while the program runs: when, and by whom. */
#ifndef LEAKGC_WATCH_H
#define LEAKGC_WATCH_H

/* Reads the options and makes ready; nothing runs until the program has lived for a second and
 * allocates. Once, in the constructor. */
void watch_init(void);

/* No more scans: the process ends. */
void watch_stop(void);

#endif
