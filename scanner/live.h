/* SPDX-License-Identifier: MIT
 *
 * A scan of the living program: what is lost now, told after the threads run again. */
#ifndef LEAKGC_LIVE_H
#define LEAKGC_LIVE_H

#include "scan.h"

enum live_method { LIVE_AUTO, LIVE_CONCURRENT, LIVE_FORK, LIVE_STOP };

/* A lost block (definite or indirect), as it was when the scan ended. */
struct candidate {
    uintptr_t begin;
    size_t bytes;
    record record;
    struct carried carried;
    uint64_t hash; /* of its contents */
    uint32_t kind; /* enum loss_kind */
    uint32_t thread;
};

struct live {
    /* Wanted. */
    enum live_method method; /* LIVE_AUTO: the gentlest that works */
    uint64_t max_pause_us;
    unsigned patience_ms; /* with a thread that does not stop */
    /* Whether the block is known to be a leak: nothing will be found to lead to it. NULL: none is. Asked
     * under LOCK_CAGE. */
    bool (*is_leak)(uintptr_t begin, record r);
    bool partial; /* what the last scan found need not be found again, if that was kept (kept.h) */

    /* Found. */
    struct scan_result scan;
    bool was_partial;
    const char *why;             /* why this method */
    struct candidate *candidate; /* ascending by address; scratch memory */
    size_t count, room;
    unsigned tries;     /* stops that were given up because they would have been too long */
    uint64_t budget_us; /* that the last stop was allowed; 0: there was none, or no limit */
    size_t beyond;      /* candidates for which there was no memory */
};

/* Runs in the thread of our own (ghost.h), which holds LOCK_CHECK. The result is void if
 * scan.failure. */
void live_scan(struct live *l);

/* Whether anything is kept for a partial scan. */
bool live_keeps(void);

/* Forgets what was kept for a partial scan; the next one will be full. Also in the child of fork. */
void live_forget(void);

/* Nanoseconds of processor time of the calling thread, and of all that helped it to scan: for differences. */
uint64_t live_cpu(void);

/* For the methods. live_collect is a classify_fn, arg a struct live. */
#define LIVE_GIVEN_UP "given up, somebody waits for its end"
bool live_is_candidate(const struct block *b, enum loss_kind kind);
struct candidate live_candidate(const struct block *b, enum loss_kind kind, struct carried carried);
bool live_append(const struct block *b, enum loss_kind kind, struct carried carried,
                 struct live *l); /* of any kind; false: no memory */
void live_collect(const struct block *b, enum loss_kind kind, struct carried carried, void *arg);

/* "auto", "concurrent", ...; false: no such method. */
const char *live_method_name(enum live_method method);
bool live_method_parse(const char *name, enum live_method *ret);

#endif
