/* SPDX-License-Identifier: MIT
 *
 * Owns the interposed functions by which a program can take memory of its own blocks away: with them a
 * page of a block becomes unreadable while a scan reads it. When the range lies in the cage, which is
 * rare, a running scan is given up first; later ones find the hole in the list of mappings.
 *
 * Runs in ordinary context and in signal handlers of the program. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "clock.h"
#include "ghost.h"
#include "lock.h"
#include "real.h"
#include "space.h"
#include "sys.h"

enum { GUARD_INSTALL = 102 }; /* MADV_GUARD_INSTALL, Linux 6.13 */

struct pause {
    bool done;
    uint64_t mask;
};

static bool lies_in_cage(const void *begin, size_t bytes)
{
    uintptr_t at = (uintptr_t)begin;
    return bytes && at < space_cage_ready() && at + bytes > space.cage.begin;
}

/* In a handler that interrupted us there can be no waiting. */
static struct pause pause_scans(const void *begin, size_t bytes)
{
    struct pause p = {.done = ghost_tid() && lies_in_cage(begin, bytes) && !lock_held};
    uint64_t most = ~(uint64_t)0;
    if (!p.done)
        return p;
    sys_sigmask(SIG_SETMASK, &most, &p.mask);
    ghost_hurry_begin();
    lock_take(LOCK_CHECK);
    ghost_hurry_end();
    return p;
}

static void resume_scans(const struct pause *p)
{
    int saved = errno;
    if (!p->done)
        return;
    lock_release(LOCK_CHECK);
    sys_sigmask(SIG_SETMASK, &p->mask, NULL);
    errno = saved;
}

/* From now on blocks are read through copies. */
static void note_guards(const void *begin, size_t bytes)
{
    if (lies_in_cage(begin, bytes))
        __atomic_store_n(&space_has_guards, true, __ATOMIC_RELAXED);
}

LEAKGC_EXPORT int madvise(void *begin, size_t bytes, int advice)
{
    size_t guarded = advice == GUARD_INSTALL ? bytes : 0;
    struct pause p = pause_scans(begin, guarded);
    note_guards(begin, guarded);
    int r = real()->madvise(begin, bytes, advice);
    resume_scans(&p);
    return r;
}

LEAKGC_EXPORT int mprotect(void *begin, size_t bytes, int protection)
{
    struct pause p = pause_scans(begin, protection & PROT_READ ? 0 : bytes);
    int r = real()->mprotect(begin, bytes, protection);
    resume_scans(&p);
    return r;
}

/* A key's rights change without a word to the kernel. */
LEAKGC_EXPORT int pkey_mprotect(void *begin, size_t bytes, int protection, int key)
{
    struct pause p = pause_scans(begin, bytes);
    note_guards(begin, key > 0 ? bytes : 0);
    int r = real()->pkey_mprotect(begin, bytes, protection, key);
    resume_scans(&p);
    return r;
}

LEAKGC_EXPORT int munmap(void *begin, size_t bytes)
{
    struct pause p = pause_scans(begin, bytes);
    int r = real()->munmap(begin, bytes);
    resume_scans(&p);
    return r;
}

LEAKGC_EXPORT void *mmap(void *begin, size_t bytes, int protection, int flags, int fd, off_t at)
{
    struct pause p = pause_scans(begin, flags & MAP_FIXED ? bytes : 0);
    clock_tick(); /* programs with allocators of their own for small blocks pass here */
    void *r = real()->mmap(begin, bytes, protection, flags, fd, at);
    resume_scans(&p);
    return r;
}

LEAKGC_EXPORT void *mmap64(void *begin, size_t bytes, int protection, int flags, int fd, off64_t at)
{
    return mmap(begin, bytes, protection, flags, fd, at);
}

/* The fifth argument is there only with MREMAP_FIXED; to read it anyway does no harm. */
LEAKGC_EXPORT void *mremap(void *begin, size_t bytes, size_t new_bytes, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    void *to = flags & MREMAP_FIXED ? va_arg(args, void *) : NULL;
    va_end(args);
    struct pause p = pause_scans(begin, bytes);
    struct pause q = pause_scans(to, to ? new_bytes : 0);
    void *r = real()->mremap(begin, bytes, new_bytes, flags, to);
    resume_scans(&q);
    resume_scans(&p);
    return r;
}
