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
 *           | libc's start code                  | <- sp, when main has returned (start_main)
 *           | main                               |
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

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "real.h"
#include "sys.h"

struct ending ending;
int (*ending_check)(int status);

static int (*program_main)(int, char **, char **);
static int quick_status;
static int pid;
static int stderr_copy = -1;

static void note(uintptr_t sp, const uintptr_t *registers)
{
    if (ending.known)
        return; /* exit called again by a handler: the first call counts */
    ending.known = true;
    ending.tid = sys_gettid();
    ending.sp = sp;
    if (registers)
        memcpy(ending.registers, registers, sizeof ending.registers);
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
    if (options.on__exit && ending_check && sys_getpid() == pid && !once) {
        once = true;
        note(sp, registers);
        status = ending_check(status & 0xff);
    }
    sys_exit(status);
}

static void at_exit(int status, void *unused)
{
    (void)unused;
    note((uintptr_t)__builtin_frame_address(0), NULL); /* if libc itself called its exit */
    int wanted = ending_check ? ending_check(status & 0xff) : status;
    if (wanted != (status & 0xff))
        real()->exit(wanted); /* goes on where we are: what is left is to flush stdio */
}

static void at_quick_exit_(void)
{
    note((uintptr_t)__builtin_frame_address(0), NULL);
    int wanted = ending_check ? ending_check(quick_status & 0xff) : quick_status;
    if (wanted != (quick_status & 0xff))
        real()->quick_exit(wanted);
}

void ending_after_fork(void)
{
    pid = sys_getpid();
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
    int status = program_main(argc, argv, environment);
    note((uintptr_t)__builtin_frame_address(0) + 2 * sizeof(void *), NULL);
    return status;
}

LEAKGC_EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                                    int (*init)(int, char **, char **), void (*fini)(void),
                                    void (*rtld_fini)(void), void *stack_end)
{
    program_main = main;
    return real()->__libc_start_main(start_main, argc, argv, init, fini, rtld_fini, stack_end);
}
