/* SPDX-License-Identifier: MIT
 *
 * Owns the interposed functions that execute another program in this process. A stop signal that is on
 * its way then would end the new program, which has no handler for it. So no scan stops threads from
 * here on, and one that has stopped them is waited for. The control socket goes,
 * for the new program has none; when there is no new program, our thread makes it again.
 *
 * A child of vfork has its parent's memory, and is not stopped: it is told by its process id.
 *
 * Runs in ordinary context and in signal handlers of the program. */
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include "ghost.h"
#include "leftover.h"
#include "real.h"
#include "sys.h"

enum { NOTHING, STOPS = 1 << 0, SOCKET = 1 << 1 };

/* What is to be put right if it can't be executed. */
static int begin(void)
{
    if (!ghost_is_of_this_process())
        return NOTHING;
    ghost_forbid_stops();
    return leftover_remove() ? STOPS | SOCKET : STOPS;
}

static int end(int begun, int result)
{
    if (begun & STOPS)
        ghost_allow_stops();
    if (begun & SOCKET)
        ghost_tell(GHOST_LOOK);
    return result;
}

LEAKGC_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
    int begun = begin();
    return end(begun, real()->execve(path, argv, envp));
}

LEAKGC_EXPORT int execv(const char *path, char *const argv[])
{
    int begun = begin();
    return end(begun, real()->execv(path, argv));
}

LEAKGC_EXPORT int execvp(const char *file, char *const argv[])
{
    int begun = begin();
    return end(begun, real()->execvp(file, argv));
}

LEAKGC_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
    int begun = begin();
    return end(begun, real()->execvpe(file, argv, envp));
}

LEAKGC_EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
    int begun = begin();
    return end(begun, real()->fexecve(fd, argv, envp));
}

LEAKGC_EXPORT int execveat(int folder, const char *path, char *const argv[], char *const envp[],
                           int flags)
{
    int begun = begin();
    return end(begun, real()->execveat(folder, path, argv, envp, flags));
}

static size_t count_arguments(va_list args)
{
    size_t n = 1;
    while (va_arg(args, char *))
        n++;
    return n;
}

static void take_arguments(const char *first, va_list args, char **argv)
{
    argv[0] = (char *)(uintptr_t)first;
    for (size_t i = 0; argv[i]; i++)
        argv[i + 1] = va_arg(args, char *);
}

/* The three whose arguments are a list; `use` executes argv, with an environment behind the list or not. */
#define EXECUTE_LIST(name, use)                                                                    \
    LEAKGC_EXPORT int name(const char *path, const char *first, ...)                               \
    {                                                                                              \
        va_list args, more;                                                                        \
        va_start(args, first);                                                                     \
        va_copy(more, args);                                                                       \
        size_t n = count_arguments(more);                                                          \
        va_end(more);                                                                              \
        char *argv[n + 1];                                                                         \
        take_arguments(first, args, argv);                                                         \
        int r = use;                                                                               \
        va_end(args);                                                                              \
        return r;                                                                                  \
    }

EXECUTE_LIST(execl, execv(path, argv))
EXECUTE_LIST(execlp, execvp(path, argv))
EXECUTE_LIST(execle, execve(path, argv, va_arg(args, char *const *)))
