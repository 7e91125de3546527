/* SPDX-License-Identifier: MIT
 *
 * Owns what a program tells about its own blocks (leakgc.h): which are no leaks, and from when on they are
 * counted.
 *
 * A block that is no leak has RECORD_ROOT: it gets the bit when it is made, in a thread that has
 * `disabled` (alloc.c; such a thread always takes the long way), or here. Here the bit is set in a record
 * that its owner may be changing: who frees wins, since it stores what it read before.
 *
 * A mark is a birth stamp between those of the blocks that exist and those of new ones.
 *
 * Runs in any context of the program; no lock but those of thread_current. */
#include "leakgc.h"

#include "alloc.h"
#include "clock.h"
#include "init.h"
#include "lock.h"
#include "log.h"
#include "options.h"
#include "sys.h"
#include "thread.h"

static struct thread *self_or_null(void)
{
    return lock_held ? thread_self_or_null() : thread_current();
}

LEAKGC_EXPORT void leakgc_disable(void)
{
    struct thread *self = self_or_null();
    if (self)
        self->disabled++;
}

LEAKGC_EXPORT void leakgc_enable(void)
{
    struct thread *self = self_or_null();
    if (self && self->disabled)
        self->disabled--;
    else if (self)
        log_verbose("leakgc_enable without leakgc_disable before");
}

LEAKGC_EXPORT int leakgc_ignore(const void *p)
{
    struct block b;
    if (!alloc_find((uintptr_t)p, &b))
        return -1;
    record *place = &b.slab->records[b.index];
    return __atomic_compare_exchange_n(place, &b.record, b.record | RECORD_ROOT, false,
                                       __ATOMIC_RELEASE, __ATOMIC_RELAXED)
               ? 0
               : -1; /* freed just now */
}

LEAKGC_EXPORT leakgc_mark_t leakgc_mark(void)
{
    if (!init_early() || !options.enabled)
        return 0;
    if (!lock_held)
        clock_tick(); /* may start the thread of our own */
    uint32_t stamp = clock_step(2);
    return stamp == CLOCK_LAST ? 0 : stamp;
}

/* --- LeakSanitizer's names ---------------------------------------------------------------------- */

LEAKGC_EXPORT void __lsan_disable(void)
{
    leakgc_disable();
}

LEAKGC_EXPORT void __lsan_enable(void)
{
    leakgc_enable();
}

LEAKGC_EXPORT void __lsan_ignore_object(const void *p)
{
    if (leakgc_ignore(p))
        log_verbose("__lsan_ignore_object: there is no block at %p", p);
}
