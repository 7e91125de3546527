/* SPDX-License-Identifier: MIT
 *
 * The report as text: LeakSanitizer's lines, then memcheck's summary. */
#ifndef LEAKGC_TEXT_H
#define LEAKGC_TEXT_H

#include "group.h"
#include "sink.h"

/* What the person asked to see, of what was found. */
struct shown {
    size_t sites;        /* the first so many of groups.site, without those below the thresholds */
    struct total total;  /* of the kinds shown, thresholds applied: what counts for exitcode */
    struct total below;  /* sites below min_bytes or min_blocks */
    struct total beyond; /* sites beyond max_sites */
    size_t below_sites, beyond_sites;
};

/* Whether a site is of a kind that is shown and above the thresholds. */
bool text_is_wanted(const struct site *s);

void text_count(const struct groups *g, struct shown *ret);

/* What makes a report incomplete: the lines that it opens with. */
void text_doubts(struct sink *out, const struct groups *g, const struct scan_result *scan);

/* when: added to the headline, "" for the report at the end. note: called after each site's stack, or
 * NULL. */
void text_report(struct sink *out, const struct groups *g, const struct shown *shown,
                 const struct scan_result *scan, const char *when,
                 void (*note)(struct sink *out, const struct site *s));

/* memcheck's five lines. */
void text_summary(struct sink *out, const struct groups *g);

#endif
