/* SPDX-License-Identifier: MIT
 *
 * The page of `leakgc top`: what is on it, and which part of the rows. */
#ifndef LEAKGC_TOOLS_TOP_VIEW_H
#define LEAKGC_TOOLS_TOP_VIEW_H

#include "top_rows.h"

enum top_sort { SORT_LIVE, SORT_GROWTH, SORT_LOST, SORT_BLOCKS, SORT_COUNT };

struct top_view {
    int lines, columns; /* of the page; lines 0: as many as there are rows */
    bool is_plain;      /* no control sequences, no keys */
    bool has_color;
    enum top_sort sort;
    size_t selected, first; /* rows in order; the first that is shown */
    bool shows_stack;       /* of the selected one, in place of the rows */
    bool is_typing;         /* what is searched for */
    char search[64];        /* "": nothing */
    const char *note;       /* instead of the list of keys; NULL: none */
    unsigned interval_seconds;
};

/* Numbers of the whole process, of the last report. */
struct top_process {
    const char *name;
    int pid;
    uint64_t uptime_ms, first_live; /* first_live: bytes in the first report */
    struct model_total live, lost, leaked;
    uint64_t scans, stop_us;
};

/* The rows in the view's order into order[], which has room for all; their count. */
size_t top_view_order(const struct top_view *v, const struct top_rows *rows,
                      struct top_row **order);
/* How many rows are on a page; moves `selected` and `first` to where there are rows. */
size_t top_view_fit(struct top_view *v, size_t count);
/* The page as text, to be freed. Rows on it must have names. */
char *top_view_draw(const struct top_view *v, const struct top_process *process,
                    struct top_row *const *order, size_t count, size_t *ret_bytes);

#endif
