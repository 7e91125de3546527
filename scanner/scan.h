/* SPDX-License-Identifier: MIT
 *
 * One scan of the process, from stop to verdict. */
#ifndef LEAKGC_SCAN_H
#define LEAKGC_SCAN_H

#include "classify.h"

enum { SCAN_MISSED_MOST = 8, SCAN_NAME_BYTES = 16 };

struct scan_total {
    size_t bytes, blocks;
};

struct scan_result {
    bool complete;  /* every thread was stopped with its registers, or that does not matter */
    size_t threads; /* stopped, and the calling one */
    size_t missed;  /* of them, not stopped */
    int missed_tid[SCAN_MISSED_MOST];
    uint64_t stop_ns;  /* how long the other threads stood still; the longest, if more than once */
    uint64_t stops_ns; /* all stops together */
    size_t stops;
    uint64_t mark_ns;     /* from the first root to the last block */
    size_t root_bytes;    /* read outside the heap */
    size_t marked_blocks; /* read because something points to them */
    size_t marked_bytes;
    size_t dirty_pages;                  /* read again because they were written meanwhile */
    struct scan_total total[LOSS_KINDS]; /* all live blocks */
    const char *failure;                 /* why there is no verdict, or NULL */
};

/* Stops the world, marks, tells visit about every live block, lets the world go. The calling
 * thread holds LOCK_CHECK and no other lock of ours; visit runs with the world stopped and may use
 * scratch memory only, which lives until scratch_reset. */
enum { SCAN_PATIENCE_MS = 1000 };
void scan_run(classify_fn *visit, void *arg, unsigned timeout_ms, struct scan_result *ret);

/* Its steps, for scans of other shapes. Takes all locks, stops the world; false: failure says why. */
struct stop;
bool scan_stop(struct stop *stop, unsigned timeout_ms, struct scan_result *ret);
void scan_resume(const struct stop *stop, struct scan_result *ret);

/* The same with some threads only (world_stop_some). scan_note_threads: which were stopped, and which were missed. */
bool scan_stop_some(struct stop *stop, unsigned timeout_ms, const int *tid, size_t count,
                    struct scan_result *ret);
void scan_note_threads(const struct stop *stop, struct scan_result *ret);

/* The steps between stop and resume; NULL, or why there is no verdict. The caller closes what
 * maps_present_open opened. */
const char *scan_stopped_world(const struct stop *stop, classify_fn *visit, void *arg,
                               struct scan_result *ret);

#endif
