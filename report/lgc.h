/* SPDX-License-Identifier: MIT
 *
 * Report files: one report, compact and without names, for `leakgc report` to show here or elsewhere. */
#ifndef LEAKGC_LGC_H
#define LEAKGC_LGC_H

#include "group.h"
#include "suspects.h"

/* Reads the option `format`; one line when it is a bad one. Once, in the constructor. */
void lgc_init(void);

/* Whether reports are to be report files. */
bool lgc_wanted(void);

/* Where text goes that is no report: `report`, or stderr where that is for report files. */
const char *lgc_text_target(void);

/* Writes what the groups hold, after groups_sort. scan: the one that history_add was told of last; live: the
 * program goes on. False, after a line that says why: there is no file. Under LOCK_CHECK, scratch memory. */
bool lgc_write(const struct groups *g, const struct scan_result *scan, bool live);

/* The same into an open descriptor, which stays open. known: what is said of a site's history. 0 or -errno. */
typedef struct known_site lgc_known_fn(const struct site *s);
int lgc_write_to(int fd, const struct groups *g, const struct scan_result *scan,
                 lgc_known_fn *known);

#endif
