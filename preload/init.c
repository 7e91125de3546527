/* SPDX-License-Identifier: MIT
 *
 * Owns the order of start-up of preload/, and what happens round fork.
 *
 * Fork: all locks but LOCK_CHECK are taken in rank order (I8) and no thread is unwinding, then the child
 * resets the locks, forgets the other threads, and their slabs become orphans. glibc runs our
 * prepare handler last and our child handler first, because they were registered before any of the
 * program's, so the program's handlers may allocate. LOCK_CHECK is not waited for, because a scan of
 * the living program holds it long; the child forgets that scan (init_in_child).
 *
 * Runs single-threaded (init_early on the loader's first allocation, init_late in the
 * constructor); the fork handlers in any thread. */
#include "init.h"

#include <dlfcn.h>
#include <elf.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>

#include "clock.h"
#include "ending.h"
#include "fmt.h"
#include "ghost.h"
#include "heap.h"
#include "hooks_signal.h"
#include "lock.h"
#include "log.h"
#include "options.h"
#include "real.h"
#include "sizeclass.h"
#include "space.h"
#include "sys.h"
#include "thread.h"
#include "trace.h"
#include "unwind.h"
#include "verify.h"
#include "walk.h"

extern void *__libc_stack_end; /* of the loader: the stack as the kernel made it, from argc on */

void (*init_in_child)(void);

static enum { UNBORN, BEING_BORN, ALIVE, IMPOSSIBLE } state;
static char program[256];
static char program_path[4096];
static char directory[4096];

const char *init_program(void)
{
    return program;
}

const char *init_program_path(void)
{
    return program_path;
}

const char *init_directory(void)
{
    return directory;
}

static void find_program(void)
{
    const char *called = (const char *)getauxval(AT_EXECFN);
    ssize_t n = sys_readlink("/proc/self/exe", program_path, sizeof program_path - 1);
    if (n <= 0)
        n = (ssize_t)fmt(program_path, sizeof program_path, "%s", called ? called : "?");
    program_path[n] = '\0';
    if (!called || !strncmp(called, "/dev/fd/", 8)) /* fexecve */
        called = program_path;
    const char *slash = strrchr(called, '/');
    fmt(program, sizeof program, "%s", slash ? slash + 1 : called);
    n = sys_readlink("/proc/self/cwd", directory, sizeof directory - 1);
    directory[n > 0 ? n : 0] = '\0';
}

static char **find_environment(void)
{
    char **at = __libc_stack_end;
    long argc = at ? *(long *)at : 0;
    return at ? at + 1 + argc + 1 : NULL;
}

/* The option `only`: a comma-separated list of globs. */
static bool is_wanted(const char *list)
{
    char glob[256];
    if (!*list)
        return true;
    while (*list) {
        size_t n = strcspn(list, ",");
        if (n < sizeof glob) {
            memcpy(glob, list, n);
            glob[n] = '\0';
            if (fmt_glob(glob, program))
                return true;
        }
        list += n + (list[n] == ',');
    }
    return false;
}

static bool come_to_life(void)
{
    if (space_init())
        return false;
    clock_tick();
    find_program();
    options_init(find_environment(), getauxval(AT_SECURE) != 0);
    if (!is_wanted(options.only))
        options.enabled = false;
    sizeclass_init();
    trace_init();
    walk_init();
    thread_find_main_stack();
    return true;
}

bool init_early(void)
{
    if (likely(state == ALIVE))
        return true;
    if (state == UNBORN) {
        state = BEING_BORN;
        if (come_to_life()) {
            state = ALIVE;
            return true;
        }
        state = IMPOSSIBLE;
        log_say("no address space for a heap; allocation fails");
    }
    return false;
}

/* The forking thread holds all locks: a signal handler that allocates would wait for itself. Only the
 * stop signal may come, while it waits for the locks that a scan holds. */
static uint64_t mask_before_fork;

static void before_fork(void)
{
    uint64_t most = ~((uint64_t)1 << (stop_signal() - 1));
    uint64_t old;
    sys_sigmask(SIG_SETMASK, &most, &old);
    lock_take(LOCK_MODULES);
    lock_take(LOCK_THREADS);
    unwind_pause();
    lock_take_all(LOCK_THREADS + 1);
    mask_before_fork = old;
}

static void after_fork_in_parent(void)
{
    uint64_t mask = mask_before_fork;
    lock_release_all(LOCK_MODULES);
    unwind_resume();
    sys_sigmask(SIG_SETMASK, &mask, NULL);
}

static void after_fork_in_child(void)
{
    struct thread *self = thread_self_or_null();
    thread_after_fork();
    heap_after_fork(self ? self->heap : NULL);
    lock_reset_all(LOCK_CHECK);
    ending_after_fork();
    ghost_after_fork();
    if (init_in_child)
        init_in_child();
    verify_after_fork();
    unwind_resume();
    sys_sigmask(SIG_SETMASK, &mask_before_fork, NULL);
}

void init_late(void)
{
    init_early();
    struct thread *self = thread_current();
    real_init();
    thread_init();
    if (self && self->number == 0)
        self->state = THREAD_RUNNING;
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    stop_signal_unblock();
    ending_init();
    verify_init();
}
