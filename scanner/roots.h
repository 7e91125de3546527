/* SPDX-License-Identifier: MIT
 *
 * The roots: where the program keeps pointers outside its heap. */
#ifndef LEAKGC_ROOTS_H
#define LEAKGC_ROOTS_H

#include "mark.h"
#include "stop.h"

/* Memory that is not a root or was looked at already: [begin, end), any order. */
struct ranges {
    struct range {
        uintptr_t begin, end;
    } * range;
    size_t count, most;
    size_t first;        /* those before it end at or before looked_at */
    uintptr_t looked_at; /* by the last search */
};

/* Marks from every root kind that the options allow. World stopped. False: no scratch memory.
 * I12: adding a root never adds a leak. */
bool roots_mark(struct mark *m, const struct maps *maps, const struct stop *stop);

/* Its parts. Threads: world stopped, with all locks; leaves in `done` what must not be looked at again.
 * Mappings, as far as they are not done; maps may be older. Present: the same without maps, where the
 * kernel knows pages well enough (maps_written). */
struct roots {
    struct mark *m;
    const struct maps *maps;
    const struct stop *stop;
    struct ranges done;
    size_t spare; /* room in `done` for roots_skip */
    bool present; /* what is looked at is known to be present */
    bool beside;  /* the program runs; nothing is condemned for what is overlooked */
};
void roots_mark_blocks(struct mark *m, bool take_lock);
bool roots_mark_threads(struct roots *r);

/* roots_mark_threads in steps, for threads that are stopped one group after the other: before them (`threads`
 * there are, or a few more); of each group; what is left, with all of them in r->stop. All with all locks.
 * False: no scratch memory. */
bool roots_begin(struct roots *r, size_t threads);
void roots_mark_stopped(struct roots *r, const struct stop *group);
void roots_mark_rest(struct roots *r);
void roots_mark_mappings(struct roots *r);

/* Before these two: whether the mapping has nothing that is done already; and not to look at it. */
bool roots_is_untouched(const struct roots *r, uintptr_t begin, uintptr_t end);
void roots_skip(struct roots *r, uintptr_t begin, uintptr_t end);
void roots_mark_present(struct roots *r);

#endif
