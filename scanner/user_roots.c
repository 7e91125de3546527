/* SPDX-License-Identifier: MIT
 *
 * Owns the root regions of the program: an array in the order in which they were added; the same region may
 * be there several times. They are looked at in every scan, also where they lie
 * in memory that is searched anyway, or is not because it is stale: adding a root never adds a leak (I12).
 *
 * Runs in any context of the program, under LOCK_ASKED; user_roots_mark with all locks of ours. */
#include "user_roots.h"

#include <string.h>

#include "../preload/init.h"
#include "../preload/leakgc.h"
#include "../preload/lock.h"
#include "../preload/log.h"
#include "../preload/meta.h"
#include "../preload/options.h"
#include "../preload/sys.h"

enum { STEP = 16 };

struct region {
    uintptr_t begin, end;
};

static struct region *regions;
static size_t count, room;

static bool make_room(void)
{
    if (count < room)
        return true;
    size_t more = 2 * room + STEP;
    struct region *new = meta_alloc(more * sizeof *new);
    if (!new)
        return false;
    if (count)
        memcpy(new, regions, count * sizeof *new);
    meta_free(regions, room * sizeof *regions);
    regions = new;
    room = more;
    return true;
}

LEAKGC_EXPORT int leakgc_add_root(const void *begin, size_t bytes)
{
    uintptr_t end;
    if (lock_held || !init_early() || __builtin_add_overflow((uintptr_t)begin, bytes, &end))
        return -1;
    lock_take(LOCK_ASKED);
    bool done = make_room();
    if (done)
        regions[count++] = (struct region){(uintptr_t)begin, end};
    lock_release(LOCK_ASKED);
    return done ? 0 : -1;
}

LEAKGC_EXPORT int leakgc_remove_root(const void *begin, size_t bytes)
{
    if (lock_held)
        return -1;
    lock_take(LOCK_ASKED);
    size_t i = count;
    while (i-- > 0)
        if (regions[i].begin == (uintptr_t)begin && regions[i].end - regions[i].begin == bytes) {
            regions[i] = regions[--count];
            break;
        }
    lock_release(LOCK_ASKED);
    return i == SIZE_MAX ? -1 : 0;
}

LEAKGC_EXPORT void __lsan_register_root_region(const void *begin, size_t bytes)
{
    if (leakgc_add_root(begin, bytes))
        log_say("root region %p of %zu bytes could not be registered", begin, bytes);
}

LEAKGC_EXPORT void __lsan_unregister_root_region(const void *begin, size_t bytes)
{
    if (leakgc_remove_root(begin, bytes))
        log_say("root region %p of %zu bytes was not registered", begin, bytes);
}

void user_roots_mark(struct mark *m)
{
    for (size_t i = 0; i < count && options.use_root_regions; i++)
        mark_range_safe(m, regions[i].begin, regions[i].end);
}

bool user_roots_are_shared(const struct maps *maps)
{
    for (size_t i = 0; i < count && maps->count; i++)
        for (const struct map *m = maps->map; m < maps->map + maps->count; m++)
            if (!m->is_private && m->begin < regions[i].end && regions[i].begin < m->end)
                return true;
    return false;
}
