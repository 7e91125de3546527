/* SPDX-License-Identifier: MIT
 *
 * Following what the program writes, to the cage and to large mappings. */
#ifndef LEAKGC_DIRTY_H
#define LEAKGC_DIRTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From now on writes are followed: each page is protected, and its first write is noted by the kernel.
 * again: what was written since the last scan was at an end counts too. False: the kernel or a sandbox
 * does not allow it; *ret_why says in one word what. The pagemap is open (maps_present_open). */
bool dirty_begin(bool again, const char **ret_why);

/* Finds pages that were written since the last time, up to `most` of them and in 64 MB at most, from
 * *inout_at on (0: from the beginning), protects them again and calls visit for each run. *inout_at is
 * then where to go on, or 0: there are no more. False: the kernel can't. */
bool dirty_take(uintptr_t *inout_at, size_t most,
                void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg);

/* The same for large mappings outside the cage. dirty_follow: begins for [begin, end); false: it can't be.
 * dirty_followed: the i-th of them; false: there are no more, or *ret_whole is false: another mapping has
 * taken its place, and must be looked through as a whole. dirty_take_followed: as dirty_take, all of it. */
struct dirty_range {
    uintptr_t begin, end;
};
bool dirty_follow(uintptr_t begin, uintptr_t end);
bool dirty_followed(size_t i, struct dirty_range *ret, bool *ret_whole);
bool dirty_take_followed(size_t i, void (*visit)(uintptr_t begin, uintptr_t end, void *arg),
                         void *arg);

/* All at once, by the crew (crew.h): what was written, of the cage and of the others, is visited by the
 * caller in the end. What can't be found by the time `until` (sys_now) stays written, and *ret_all is
 * false. False: the kernel can't. dirty_plan: makes room, in scratch memory, before the program stops. */
struct dirty_plan;
struct dirty_plan *dirty_plan(void);
bool dirty_take_all(struct dirty_plan *plan, uint64_t until,
                    void (*in_cage)(uintptr_t begin, uintptr_t end, void *arg),
                    void (*outside)(uintptr_t begin, uintptr_t end, void *arg), void *arg,
                    bool *ret_all);

/* Nobody asks any more. dirty_close: gives the descriptor back, at the end of the thread that scans. */
void dirty_end(void);
void dirty_close(void);

/* In the child of fork, where nothing is followed. */
void dirty_after_fork(void);

#endif
