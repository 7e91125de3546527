/* SPDX-License-Identifier: MIT
 *
 * Owns the conditions under which checks and reports run (aside.h). */
#include "aside.h"

#include <signal.h>
#include <sys/resource.h>

#include "../preload/ending.h"
#include "../preload/ghost.h"
#include "../preload/lock.h"
#include "../preload/log.h"
#include "../preload/space.h"
#include "../preload/sys.h"

enum { STACK_BYTES = 256 << 10 };

/* A program that has used up its descriptors is just one that people want to look into. */
static bool raise_file_limit(struct rlimit *ret_old)
{
    if (getrlimit(RLIMIT_NOFILE, ret_old) || ret_old->rlim_cur >= ret_old->rlim_max)
        return false;
    struct rlimit raised = {ret_old->rlim_max, ret_old->rlim_max};
    return !setrlimit(RLIMIT_NOFILE, &raised);
}

void aside(void (*work)(void *), void *arg)
{
    const uint64_t ours = (uint64_t)1 << (SIGPIPE - 1) | (uint64_t)1 << (SIGXFSZ - 1);
    uint64_t all = ~(uint64_t)0;
    uint64_t mask;
    struct rlimit files;
    if (lock_held) {
        log_say("no leak check: called from a signal handler that interrupted the allocator");
        return;
    }
    sys_sigmask(SIG_SETMASK, &all, &mask);
    ghost_hurry_begin(); /* a scan of our own thread must not be waited for */
    lock_take(LOCK_CHECK);
    ghost_hurry_end();
    uint64_t pending = sys_pending();
    bool raised = raise_file_limit(&files);
    char *stack = scratch_alloc(STACK_BYTES);
    if (stack)
        arch_call_on_stack(work, arg, (uintptr_t)stack + STACK_BYTES);
    else
        log_say("no leak check: no memory for it");
    scratch_reset();
    if (raised)
        setrlimit(RLIMIT_NOFILE, &files);
    sys_take_pending(ours & ~pending);
    lock_release(LOCK_CHECK);
    sys_sigmask(SIG_SETMASK, &mask, NULL);
}
