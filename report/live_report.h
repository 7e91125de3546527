/* SPDX-License-Identifier: MIT
 *
 * What comes of a scan of the living program: the report of new leaks, and the scan log. */
#ifndef LEAKGC_LIVE_REPORT_H
#define LEAKGC_LIVE_REPORT_H

#include "../scanner/live.h"
#include "scan_log.h"

/* Takes the result in, reports what is new, writes the log line. Under LOCK_CHECK. */
void live_report(const struct live *l, struct scan_id now, const char *cause, unsigned tries);

/* The same for a scan that the program asked for: no confirmation is waited for. all: also what was
 * reported before. Ordinary context. */
void live_report_at_once(const struct live *l, struct scan_id now, const char *cause, bool all);

#endif
