/* SPDX-License-Identifier: MIT
 *
 * The forms in which a comparison of two reports can be written: text and json. */
#ifndef LEAKGC_TOOLS_DIFF_WRITE_H
#define LEAKGC_TOOLS_DIFF_WRITE_H

#include <stdio.h>

#include "compare.h"

struct diff_report {
    const char *path;
    const struct model *model;
};

struct diff_view {
    struct diff_report before, after;
    const struct comparison *comparison;
    uint32_t only;      /* bits 1 << class: what is shown */
    uint64_t max_sites; /* 0: all */
    bool has_colour;    /* text */
    bool has_failed;    /* json: what the exit status says */
};

/* 0 or -errno. */
int diff_write_text(const struct diff_view *view, FILE *out);
int diff_write_json(const struct diff_view *view, FILE *out);

#endif
