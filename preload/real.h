/* SPDX-License-Identifier: MIT
 *
 * libc's own versions of the functions that the library interposes. */
#ifndef LEAKGC_REAL_H
#define LEAKGC_REAL_H

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/types.h>
#include <threads.h>
#include <time.h>

/* One row per function: REAL(return type, name, parameters). */
#define REAL_TABLE                                                                                 \
    REAL(int, pthread_create, (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))    \
    REAL(int, pthread_join, (pthread_t, void **))                                                  \
    REAL(int, pthread_tryjoin_np, (pthread_t, void **))                                            \
    REAL(int, pthread_timedjoin_np, (pthread_t, void **, const struct timespec *))                 \
    REAL(int, pthread_clockjoin_np, (pthread_t, void **, clockid_t, const struct timespec *))      \
    REAL(int, pthread_detach, (pthread_t))                                                         \
    REAL(void, pthread_exit, (void *))                                                             \
    REAL(int, thrd_create, (thrd_t *, thrd_start_t, void *))                                       \
    REAL(int, thrd_join, (thrd_t, int *))                                                          \
    REAL(int, thrd_detach, (thrd_t))                                                               \
    REAL(int, __register_atfork, (void (*)(void), void (*)(void), void (*)(void), void *))         \
    REAL(void, exit, (int))                                                                        \
    REAL(void, quick_exit, (int))                                                                  \
    REAL(int, fclose, (FILE *))                                                                    \
    REAL(int, dlclose, (void *))                                                                   \
    REAL(void *, dlopen, (const char *, int))                                                      \
    REAL(void *, dlmopen, (long, const char *, int))                                               \
    REAL(int, sigaction, (int, const struct sigaction *, struct sigaction *))                      \
    REAL(sighandler_t, signal, (int, sighandler_t))                                                \
    REAL(int, sigprocmask, (int, const sigset_t *, sigset_t *))                                    \
    REAL(int, pthread_sigmask, (int, const sigset_t *, sigset_t *))                                \
    REAL(int, sigsuspend, (const sigset_t *))                                                      \
    REAL(int, sigwait, (const sigset_t *, int *))                                                  \
    REAL(int, sigwaitinfo, (const sigset_t *, siginfo_t *))                                        \
    REAL(int, sigtimedwait, (const sigset_t *, siginfo_t *, const struct timespec *))              \
    REAL(int, ppoll, (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *))         \
    REAL(int, pselect,                                                                             \
         (int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *))           \
    REAL(int, epoll_pwait, (int, struct epoll_event *, int, int, const sigset_t *))                \
    REAL(int, epoll_ctl, (int, int, int, struct epoll_event *))                                    \
    REAL(int, timer_create, (clockid_t, struct sigevent *, timer_t *))                             \
    REAL(int, execve, (const char *, char *const[], char *const[]))                                \
    REAL(int, execv, (const char *, char *const[]))                                                \
    REAL(int, execvp, (const char *, char *const[]))                                               \
    REAL(int, execvpe, (const char *, char *const[], char *const[]))                               \
    REAL(int, fexecve, (int, char *const[], char *const[]))                                        \
    REAL(int, execveat, (int, const char *, char *const[], char *const[], int))                    \
    REAL(int, mprotect, (void *, size_t, int))                                                     \
    REAL(int, madvise, (void *, size_t, int))                                                      \
    REAL(int, pkey_mprotect, (void *, size_t, int, int))                                           \
    REAL(int, munmap, (void *, size_t))                                                            \
    REAL(void *, mmap, (void *, size_t, int, int, int, off_t))                                     \
    REAL(void *, mremap, (void *, size_t, size_t, int, ...))                                       \
    REAL(int, setuid, (uid_t))                                                                     \
    REAL(int, seteuid, (uid_t))                                                                    \
    REAL(int, setreuid, (uid_t, uid_t))                                                            \
    REAL(int, setresuid, (uid_t, uid_t, uid_t))                                                    \
    REAL(int, setgid, (gid_t))                                                                     \
    REAL(int, setegid, (gid_t))                                                                    \
    REAL(int, setregid, (gid_t, gid_t))                                                            \
    REAL(int, setresgid, (gid_t, gid_t, gid_t))                                                    \
    REAL(int, setgroups, (size_t, const gid_t *))                                                  \
    REAL(int, initgroups, (const char *, gid_t))                                                   \
    REAL(int, __libc_start_main,                                                                   \
         (int (*)(int, char **, char **), int, char **, int (*)(int, char **, char **),            \
          void (*)(void), void (*)(void), void *))

struct real {
#define REAL(type, name, parameters) type(*name) parameters;
    REAL_TABLE
#undef REAL
};

/* Finds them all. Called by the constructor, or by the first use before it. */
void real_init(void);

extern struct real real_functions;

/* The table, filled on first use. */
static inline const struct real *real(void)
{
    if (__builtin_expect(!real_functions.sigaction, 0))
        real_init();
    return &real_functions;
}

#endif
