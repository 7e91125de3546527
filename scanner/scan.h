/* SPDX-License-Identifier: MIT
 *
 * One scan of the process, from stop to verdict. */
#ifndef LEAKGC_SCAN_H
#define LEAKGC_SCAN_H

#include "classify.h"

enum { SCAN_MISSED_MOST = 8, SCAN_NAME_BYTES = 16 };

struct scan_result {
    bool complete;  /* every thread was stopped with its registers */
    size_t threads; /* stopped, and the calling one */
    size_t missed;  /* of them, not stopped */
    int missed_tid[SCAN_MISSED_MOST];
    uint64_t stop_ns;     /* how long the other threads stood still */
    uint64_t mark_ns;     /* of it, from the first root to the last block */
    size_t root_bytes;    /* read outside the heap */
    size_t marked_blocks; /* read because something points to them */
    size_t marked_bytes;
    const char *failure; /* why there is no verdict, or NULL */
};

/* Stops the world, marks, tells visit about every live block, lets the world go. The calling
 * thread holds LOCK_CHECK and no other lock of ours; visit runs with the world stopped and may use
 * scratch memory only, which lives until scratch_reset. */
void scan_run(classify_fn *visit, void *arg, struct scan_result *ret);

#endif
