/* SPDX-License-Identifier: MIT
 *
 * Owns the choice of the stop signal, and the interposed functions through which a program could
 * block it. Each passes the program's set on without that one real-time signal; a program that
 * installs a handler for it gets it, and the library moves to another number.
 *
 * Runs in ordinary context and in the program's signal handlers: async-signal-safe, no lock. */
#include "hooks_signal.h"

#include <signal.h>
#include <stddef.h>

#include "ghost.h"
#include "real.h"
#include "sys.h"
#include "unwind.h"

enum { SIGNAL_HIGHEST = 61, SIGNAL_LOWEST = 40 };
static int chosen = SIGNAL_HIGHEST;

int stop_signal(void)
{
    return __atomic_load_n(&chosen, __ATOMIC_RELAXED);
}

void stop_signal_unblock(void)
{
    uint64_t set = (uint64_t)1 << (stop_signal() - 1);
    sys_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* The program takes the signal: the next lower one that has no handler is ours from now on. */
static void move_away(void)
{
    for (int s = stop_signal() - 1; s >= SIGNAL_LOWEST; s--) {
        struct sigaction now;
        if (!real()->sigaction(s, NULL, &now) && now.sa_handler == SIG_DFL) {
            __atomic_store_n(&chosen, s, __ATOMIC_RELAXED);
            return;
        }
    }
}

static const sigset_t *without_ours(const sigset_t *set, sigset_t *copy)
{
    if (!set)
        return NULL;
    *copy = *set;
    sigdelset(copy, stop_signal());
    return copy;
}

/* While there may be scans, the program can't take our handler away: a stop signal that is on its way
 * would end the process. */
static bool is_kept(int signal, sighandler_t handler)
{
    return signal == stop_signal() && (handler == SIG_DFL || handler == SIG_IGN) && ghost_tid();
}

LEAKGC_EXPORT int sigaction(int signal, const struct sigaction *new, struct sigaction *old)
{
    struct sigaction copy;
    if (new &&is_kept(signal, new->sa_handler))
        return real()->sigaction(signal, NULL, old);
    if (new) {
        if (signal == stop_signal() && new->sa_handler != SIG_DFL)
            move_away();
        copy = *new;
        sigdelset(&copy.sa_mask, stop_signal());
        if (new->sa_handler != SIG_DFL &&new->sa_handler != SIG_IGN)
            unwind_open(); /* from now on there may be frames of handlers */
    }
    return real()->sigaction(signal, new ? &copy : NULL, old);
}

LEAKGC_EXPORT sighandler_t signal(int number, sighandler_t handler)
{
    if (handler != SIG_DFL && handler != SIG_IGN)
        unwind_open();
    if (is_kept(number, handler))
        return SIG_DFL;
    return real()->signal(number, handler);
}

LEAKGC_EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    return real()->sigprocmask(how, how == SIG_UNBLOCK ? set : without_ours(set, &copy), old);
}

LEAKGC_EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    return real()->pthread_sigmask(how, how == SIG_UNBLOCK ? set : without_ours(set, &copy), old);
}

LEAKGC_EXPORT int sigsuspend(const sigset_t *set)
{
    sigset_t copy;
    return real()->sigsuspend(without_ours(set, &copy));
}

LEAKGC_EXPORT int sigwait(const sigset_t *set, int *ret)
{
    sigset_t copy;
    return real()->sigwait(without_ours(set, &copy), ret);
}

LEAKGC_EXPORT int sigwaitinfo(const sigset_t *set, siginfo_t *ret)
{
    sigset_t copy;
    return real()->sigwaitinfo(without_ours(set, &copy), ret);
}

LEAKGC_EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *ret, const struct timespec *timeout)
{
    sigset_t copy;
    return real()->sigtimedwait(without_ours(set, &copy), ret, timeout);
}

LEAKGC_EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
                        const sigset_t *mask)
{
    sigset_t copy;
    return real()->ppoll(fds, count, timeout, without_ours(mask, &copy));
}

LEAKGC_EXPORT int pselect(int count, fd_set *read, fd_set *write, fd_set *except,
                          const struct timespec *timeout, const sigset_t *mask)
{
    sigset_t copy;
    return real()->pselect(count, read, write, except, timeout, without_ours(mask, &copy));
}

LEAKGC_EXPORT int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout,
                              const sigset_t *mask)
{
    sigset_t copy;
    return real()->epoll_pwait(fd, events, most, timeout, without_ours(mask, &copy));
}
