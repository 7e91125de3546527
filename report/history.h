/* SPDX-License-Identifier: MIT
 *
 * The last scans of the process, in numbers: for report files. */
#ifndef LEAKGC_HISTORY_H
#define LEAKGC_HISTORY_H

#include "scan_log.h"

enum { HISTORY_MOST = 64, HISTORY_WORD = 16 };

struct scan_fact {
    struct scan_id id;
    char cause[HISTORY_WORD], method[HISTORY_WORD], result[HISTORY_WORD];
    uint64_t stop_us, mark_us;
    struct scan_total live, lost, leaked, new; /* lost: definite and indirect; leaked: certain */
};

/* Notes a scan. Under LOCK_CHECK, as all of these. */
void history_add(struct scan_id id, const struct scan_note *note, const struct scan_result *scan);

/* How many are known, and the i-th, the oldest first. */
size_t history_count(void);
const struct scan_fact *history_at(size_t i);

/* Forgets all, in the child of fork. */
void history_reset(void);

#endif
