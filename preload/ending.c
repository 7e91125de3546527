/* SPDX-License-Identifier: MIT
 *
 * Owns the ways in which a process ends: return from main, exit, quick_exit, _exit.
 *
 * Why the stack pointer matters: when the last handlers run, libc's exit frames lie over the dead
 * frames of main and its callees and do not write all of their slots. Stale pointers in those holes
 * would keep lost blocks alive; nearly every leak that other checkers miss at exit is one of these.
 * So the stack of the exiting thread counts only from where the program left it:
 *
 *   higher  | argv, environment                  |
 *           | libc's start code                  | <- sp above it, when main has returned (start_main):
 *           |                                    |    it has holes, too, over what constructors left,
 *           | main                               |    and is never searched (start_frames)
 *           | callee that calls exit(3)          | <- sp, when exit was called: its caller's
 *           | exit, handlers, the check itself   |    frame counts, and its saved registers
 *   lower
 *
 * The functions exit, quick_exit, _exit and _Exit themselves are in ending_<arch>.S: they take the
 * caller's stack pointer and registers before any compiled code touches them.
 *
 * Runs in ordinary context, in the exiting thread. Handlers registered by the constructor of a
 * preloaded library run after all others, so objects that the program's handlers free are no leaks. */
#include "ending.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "leftover.h"
#include "options.h"
#include "real.h"
#include "sys.h"
#include "verify.h"

struct ending ending;
int (*ending_check)(int status);
struct ending asking;
struct start_frames start_frames;
long (*ending_scan)(const struct question *q);
void (*ending_main)(void);

static int (*program_main)(int, char **, char **);
static int quick_status;
static int pid;
static int stderr_copy = -1;
static uint32_t progress;
enum { CHECK_TO_COME, CHECK_RUNS, CHECK_DONE };

/* Two threads may end the process at the same time. The second would find no handler left to run and
 * take the process away under the check: it waits, but not for ever, for the first may in turn wait
 * for it (a handler that joins it). */
static void wait_for_check(void)
{
    enum { STEP_NS = 10000000, STEPS = 200 };
    for (int i = 0; i < STEPS && progress == CHECK_TO_COME; i++)
        sys_futex_wait(&progress, CHECK_TO_COME, STEP_NS);
    while (__atomic_load_n(&progress, __ATOMIC_ACQUIRE) == CHECK_RUNS)
        sys_futex_wait(&progress, CHECK_RUNS, 0);
}

static void note(uintptr_t sp, const uintptr_t *registers)
{
    int none = 0;
    int tid = sys_gettid();
    if (!__atomic_compare_exchange_n(&ending.tid, &none, tid, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        if (none != tid && ending_check)
            wait_for_check();
        return; /* exit called again by a handler: the first call counts */
    }
    ending.known = true;
    ending.sp = sp;
    if (registers)
        memcpy(ending.registers, registers, sizeof ending.registers);
}

static int run_check(int status)
{
    verify_summary();
    if (!ending_check)
        return status;
    __atomic_store_n(&progress, CHECK_RUNS, __ATOMIC_RELEASE);
    status = ending_check(status & 0xff);
    __atomic_store_n(&progress, CHECK_DONE, __ATOMIC_RELEASE);
    sys_futex_wake(&progress, INT32_MAX);
    return status;
}

/* Called by ending_<arch>.S; sp and registers are those of the caller of exit etc. */
_Noreturn void ending_exit(int status, uintptr_t sp, const uintptr_t *registers)
{
    note(sp, registers);
    real()->exit(status);
    __builtin_unreachable();
}

_Noreturn void ending_quick_exit(int status, uintptr_t sp, const uintptr_t *registers)
{
    note(sp, registers);
    quick_status = status;
    real()->quick_exit(status);
    __builtin_unreachable();
}

/* A child of vfork ends here too, in its parent's memory: it is told by its process id. */
_Noreturn void ending__exit(int status, uintptr_t sp, const uintptr_t *registers)
{
    static bool once;
    if (options.on__exit && sys_getpid() == pid && !once) {
        once = true;
        note(sp, registers);
        status = run_check(status);
    }
    leftover_end();
    sys_exit(status);
}

static long ask(uintptr_t sp, const uintptr_t *registers, struct question q)
{
    int none = 0;
    if (!ending_scan || !__atomic_compare_exchange_n(&asking.tid, &none, sys_gettid(), false,
                                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return -1; /* another thread is asking now */
    asking.sp = sp;
    memcpy(asking.registers, registers, sizeof asking.registers);
    asking.known = true;
    int saved = errno;
    long lost = ending_scan(&q);
    errno = saved;
    asking.known = false;
    __atomic_store_n(&asking.tid, 0, __ATOMIC_RELEASE);
    return lost;
}

/* Called by ending_<arch>.S, as ending_exit. */
long ending_ask_new(int unused, uintptr_t sp, const uintptr_t *registers)
{
    (void)unused;
    return ask(sp, registers, (struct question){.ask = ASK_NEW});
}

long ending_ask_all(int unused, uintptr_t sp, const uintptr_t *registers)
{
    (void)unused;
    return ask(sp, registers, (struct question){.ask = ASK_ALL}) > 0;
}

void ending_ask_end(int unused, uintptr_t sp, const uintptr_t *registers)
{
    (void)unused;
    ask(sp, registers, (struct question){.ask = ASK_END});
}

long ending_ask_since(unsigned long mark, uintptr_t sp, const uintptr_t *registers, void *ret)
{
    return ask(sp, registers, (struct question){ASK_SINCE, mark, ret});
}

static void at_exit(int status, void *unused)
{
    (void)unused;
    note((uintptr_t)__builtin_frame_address(0), NULL); /* if libc itself called its exit */
    int wanted = run_check(status);
    if ((wanted & 0xff) != (status & 0xff))
        real()->exit(wanted); /* goes on where we are: what is left is to flush stdio */
}

static void at_quick_exit_(void)
{
    note((uintptr_t)__builtin_frame_address(0), NULL);
    int wanted = run_check(quick_status);
    if ((wanted & 0xff) != (quick_status & 0xff))
        real()->quick_exit(wanted);
}

void ending_after_fork(void)
{
    pid = sys_getpid();
    ending = asking = (struct ending){0};
    progress = CHECK_TO_COME;
}

void ending_init(void)
{
    pid = sys_getpid();
    on_exit(at_exit, NULL);
    at_quick_exit(at_quick_exit_);
}

/* Programs that are careful about write errors (coreutils) close stderr in an exit handler, before
 * the report is written. From the beginning of the end on, the descriptor is kept. */
LEAKGC_EXPORT int fclose(FILE *stream)
{
    if (ending.known && stream && stream == stderr && fileno(stream) == 2 && stderr_copy < 0)
        stderr_copy = sys_fcntl(2, F_DUPFD_CLOEXEC, 3);
    return real()->fclose(stream);
}

int ending_stderr(void)
{
    return stderr_copy >= 0 ? stderr_copy : 2;
}

static int start_main(int argc, char **argv, char **environment)
{
    if (ending_main)
        ending_main();
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0) + 2 * sizeof(void *);
    if (sp < start_frames.end)
        start_frames.begin = arch_sp(); /* our own frame lies over what constructors left, too */
    else
        start_frames.end = 0;
    int status = program_main(argc, argv, environment);
    note(start_frames.end ? start_frames.end : sp, NULL);
    return status;
}

LEAKGC_EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                                    int (*init)(int, char **, char **), void (*fini)(void),
                                    void (*rtld_fini)(void), void *stack_end)
{
    program_main = main;
    start_frames.end = (uintptr_t)stack_end; /* below argc */
    return real()->__libc_start_main(start_main, argc, argv, init, fini, rtld_fini, stack_end);
}
