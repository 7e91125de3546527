/* SPDX-License-Identifier: MIT
 *
 * Owns the order of start-up of preload/, and what happens round fork.
 *
 * Fork: all locks but LOCK_CHECK are taken in rank order (I8) and no thread is unwinding, then the child
 * resets the locks, forgets the other threads, and their slabs become orphans. glibc runs our prepare handler
 * last and our child handler first, because they are registered before anybody else's (constructors of
 * libraries come before ours), so those handlers may allocate. LOCK_CHECK is not waited for, because a scan of
 * the living program holds it long; the child forgets that scan (init_in_child).
 *
 * A signal handler may fork while the thread is in one of our critical sections. It can't wait for itself, and what
 * the section guards is half changed: nothing is locked then, the child is not checked, and goes on allocating
 * when the handler returns to the section.
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
#include "lock.h"
#include "log.h"
#include "options.h"
#include "real.h"
#include "sizeclass.h"
#include "space.h"
#include "stop_signal.h"
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
static __thread bool fork_is_inside __attribute__((tls_model("initial-exec")));

static bool is_over_inside(void)
{
    bool was_inside = fork_is_inside;
    fork_is_inside = false;
    return was_inside;
}

static void after_fork_inside(void)
{
    lock_reset_inside();
    ghost_after_fork();
    ending_after_fork();
    ending_check = NULL;
    ending_scan = NULL;
    __atomic_store_n(&clock_alarm_ms, UINT64_MAX, __ATOMIC_RELAXED);
    log_verbose("forked by a signal handler that interrupted malloc: this process is not checked");
}

static void before_fork(void)
{
    if (lock_held) {
        fork_is_inside = true;
        return;
    }
    uint64_t old = signals_block();
    lock_take(LOCK_MODULES);
    lock_take(LOCK_THREADS);
    unwind_pause();
    lock_take_all(LOCK_THREADS + 1);
    mask_before_fork = old;
}

static void after_fork_in_parent(void)
{
    uint64_t mask = mask_before_fork;
    if (is_over_inside())
        return;
    lock_release_all(LOCK_MODULES);
    unwind_resume();
    signals_restore(mask);
}

static void after_fork_in_child(void)
{
    if (is_over_inside()) {
        after_fork_inside();
        return;
    }
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
    signals_restore(mask_before_fork);
}

void init_fork(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    init_early();
    real()->__register_atfork(before_fork, after_fork_in_parent, after_fork_in_child, NULL);
}

void init_late(void)
{
    init_early();
    struct thread *self = thread_current();
    real_init();
    thread_init();
    if (self && self->number == 0)
        self->state = THREAD_RUNNING;
    init_fork();
    stop_signal_unblock();
    ending_init();
    verify_init();
}
