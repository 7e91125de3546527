/* SPDX-License-Identifier: MIT
 *
 * Owns the interposed functions by which a process changes its user and groups. Credentials belong to
 * threads; libc changes them in every thread that it knows, and our own (ghost.h) is none of these. So
 * that thread ends first, and is started again by the new user when it is wanted.
 *
 * Runs in ordinary context. */
#include <sys/types.h>

#include "clock.h"
#include "ghost.h"
#include "log.h"
#include "real.h"
#include "sys.h"

enum { PATIENCE_MS = 2000 };

/* Whether it was there. */
static bool pause_ghost(void)
{
    if (!ghost_tid())
        return false;
    if (!ghost_end(PATIENCE_MS))
        log_say("the thread that scans keeps its old user: it did not end in time");
    return true;
}

static int resume_ghost(bool was_there, int result)
{
    if (was_there)
        __atomic_store_n(&clock_alarm_ms, 0, __ATOMIC_RELAXED);
    return result;
}

#define CHANGE(name, parameters, arguments)                                                        \
    LEAKGC_EXPORT int name parameters                                                              \
    {                                                                                              \
        bool was_there = pause_ghost();                                                            \
        return resume_ghost(was_there, real()->name arguments);                                    \
    }

CHANGE(setuid, (uid_t user), (user))
CHANGE(seteuid, (uid_t user), (user))
CHANGE(setreuid, (uid_t own, uid_t effective), (own, effective))
CHANGE(setresuid, (uid_t own, uid_t effective, uid_t saved), (own, effective, saved))
CHANGE(setgid, (gid_t group), (group))
CHANGE(setegid, (gid_t group), (group))
CHANGE(setregid, (gid_t own, gid_t effective), (own, effective))
CHANGE(setresgid, (gid_t own, gid_t effective, gid_t saved), (own, effective, saved))
CHANGE(setgroups, (size_t count, const gid_t *groups), (count, groups))
CHANGE(initgroups, (const char *user, gid_t group), (user, group))
