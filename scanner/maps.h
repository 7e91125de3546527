/* SPDX-License-Identifier: MIT
 *
 * The mappings of the process (/proc/self/maps), and which of their pages hold anything. */
#ifndef LEAKGC_MAPS_H
#define LEAKGC_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
    uintptr_t begin, end; /* [begin, end) */
    bool readable, writable, executable, is_private;
    bool has_file;      /* behind it, also one of memory alone */
    bool is_main_stack; /* [stack] */
    bool is_special;    /* [vdso], [vvar], [vsyscall] */
};

struct maps {
    struct map *map; /* in ascending order */
    size_t count;
};

/* Reads them into scratch memory; false when they can't be read. */
bool maps_read(struct maps *ret);

/* The mapping that holds the address, or NULL. */
const struct map *maps_find(const struct maps *maps, uintptr_t address);

/* Calls visit for each part of [begin, end) whose pages hold data (resident or swapped out).
 * Pages never touched are left out, so a sparse reservation costs nothing. Where the kernel tells
 * nothing about pages (maps_present_open says so) the whole range counts as present. */
enum pages {
    PAGES_ALL,
    PAGES_OWN, /* without those that are still as in the file behind the mapping */
};
void maps_present(uintptr_t begin, uintptr_t end, enum pages pages,
                  void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg);

/* Finds the pages in [*inout_begin, end) that were written since they were last protected (dirty.h), up to
 * `most` of them, and protects them again at the same moment; calls visit for each run, unless it is
 * NULL. PAGES_ALL: also pages that hold nothing, once, where tables have room for them; they count as
 * swapped from then on. *inout_begin is then where to go on, or end. False: the kernel can't. */
bool maps_written(uintptr_t *inout_begin, uintptr_t end, enum pages pages, size_t most,
                  void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg);

/* Whether pages in [begin, end) hold data and can't be protected: another mapping is there by now. */
bool maps_has_unprotectable(uintptr_t begin, uintptr_t end);

/* Opens and closes what maps_present needs; false: the kernel tells nothing. */
bool maps_present_open(void);
bool maps_present_is_open(void);
void maps_present_close(void);

#endif
