/* SPDX-License-Identifier: MIT
 *
 * One line about each scan, `key=value` separated by blanks. libleakgc(3) lists the keys; keys are
 * added, never taken away. */
#ifndef LEAKGC_SCAN_LOG_H
#define LEAKGC_SCAN_LOG_H

#include <stddef.h>

#include "../scanner/scan.h"
#include "suspects.h"

/* What struct scan_result does not say. */
struct scan_note {
    const char *cause, *method, *why;
    uint64_t budget_us;
    unsigned tries; /* stops that were given up before */
    bool partial;
    const struct verdict *verdict;
};

/* Numbers the scans of the process, from 1, and says when this one began. */
struct scan_id scan_log_begin(void);

/* Writes the line of the scan that was begun last, to scan_log, and to the log with verbose=1. */
void scan_log_write(const struct scan_note *note, const struct scan_result *scan);

/* Processor time since this one began, of its thread and all that helped. The same thread. */
uint64_t scan_log_cpu_ns(void);
/* What all scans of the process came to: of the last that came to a result, unless it says otherwise. Any
 * context: each number by itself is one that was true. */
struct scan_counts {
    size_t scans; /* all */
    size_t lost_blocks, lost_bytes;
    size_t leaked_blocks, leaked_bytes;     /* certain */
    uint64_t last_stop_ns, longest_stop_ns; /* of the last; of all */
};
struct scan_counts scan_log_counts(void);
/* "ok", "incomplete", "failed". */
const char *scan_log_result(const struct scan_result *scan);

/* The line that was written last, without its end; under the same LOCK_CHECK. */
enum { SCAN_LOG_LINE = 1024 };
const char *scan_log_line(void);

#endif
