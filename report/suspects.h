/* SPDX-License-Identifier: MIT
 *
 * What scans of the living program found lost, from scan to scan: which blocks are leaks for certain,
 * which of them were told. */
#ifndef LEAKGC_SUSPECTS_H
#define LEAKGC_SUSPECTS_H

#include "../scanner/live.h"
#include "group.h"

/* One scan, in numbers that reports and the log use. */
struct scan_id {
    uint32_t number;   /* from 1 */
    uint64_t begun_ms; /* uptime */
};

/* What is known of an allocation site that was reported. */
struct known_site {
    uint32_t trace;
    uint32_t scan; /* of the last report, 0: none yet */
    uint64_t reported_ms;
    size_t reported_bytes, reported_blocks;
    size_t bytes, blocks; /* in the scan that is under way */
    struct scan_id reachable,
        lost; /* its first block was still reachable at the one (number 0: it was
                                     * not allocated yet), lost at the other */
};

struct verdict {
    size_t leaked_bytes, leaked_blocks; /* confirmed, told or not */
    size_t new_bytes, new_blocks;       /* of them, for the first time in this scan */
    size_t sites;                       /* to be told now */
    size_t returned;  /* confirmed before, but reachable or freed now: we were wrong */
    size_t untracked; /* candidates beyond the memory granted for them */
};

/* Takes a scan's candidates in; adds the confirmed blocks of those sites to the groups that are to be
 * told: never told before, or grown by a factor since. */
enum belief {
    BELIEF_CONFIRMED, /* as above */
    BELIEF_NOW,       /* what is lost now is a leak: the other threads stood still */
    BELIEF_ALL,       /* likewise, and sites are told again */
};
void suspects_update(const struct live *l, struct scan_id now, enum belief belief,
                     struct groups *groups, struct verdict *ret);

/* Remembers the suppressed candidates, in place of those of the last scan. */
void suspects_set_aside(const struct live *l);

/* Whether scans have confirmed that the block is a leak, or it is a suppressed one. */
bool suspects_is_leak(uintptr_t begin, record r);

/* Notes that the sites in the groups were told; of a site: what is known. */
void suspects_told(const struct groups *groups, struct scan_id now);
const struct known_site *suspects_site(uint32_t trace);

/* Forgets all, in the child of fork. */
void suspects_reset(void);

#endif
