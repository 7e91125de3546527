/* SPDX-License-Identifier: MIT
 *
 * A leak check: when, and what comes of it. */
#ifndef LEAKGC_CHECK_H
#define LEAKGC_CHECK_H

/* The check at the end of the process: scans, reports. Takes the status that the process is about
 * to end with and returns the one to end with (option exitcode). */
int check_at_end(int status);

#endif
