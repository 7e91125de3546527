/* SPDX-License-Identifier: MIT
 *
 * Functions and lines for the frames of a report. */
#ifndef LEAKGC_TOOLS_NAMING_H
#define LEAKGC_TOOLS_NAMING_H

#include "model.h"

struct naming {
    const char *sysroot; /* as for modfile_find */
    char *debug_path;
    unsigned timeout_seconds; /* for a file that gives no answer */
};

/* Names the frames of m->shown that have no names yet. Files that are missing or replaced leave theirs without names; one line on
 * stderr, beginning with `who`, for each replaced file and for all that are missing. */
void naming_resolve(struct model *m, const struct naming *naming, const char *who);

#endif
