/* SPDX-License-Identifier: MIT
 *
 * A leak check: when, and what comes of it. */
#ifndef LEAKGC_CHECK_H
#define LEAKGC_CHECK_H

/* The check at the end of the process: scans, reports. Takes the status that the process is about
 * to end with and returns the one to end with (option exitcode). */
int check_at_end(int status);

/* The same check now, once, in place of the one at the end: its result still decides about the status.
 * Runs aside. */
void check_early(void *unused);

/* The child of fork has an end of its own. */
void check_after_fork(void);

#endif
