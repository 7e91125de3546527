/* SPDX-License-Identifier: MIT
 *
 * Owns the interposed functions through which a program could block the stop signal. Each passes the
 * program's set on without that one real-time signal; a program that installs a handler for it gets it, and
 * the library moves to another number.
 *
 * Runs in ordinary context and in the program's signal handlers: async-signal-safe. Lock:
 * LOCK_THREADS where the library moves, unless the handler interrupted us with a lock. */
#include <signal.h>
#include <stddef.h>

#include "ghost.h"
#include "real.h"
#include "stop_signal.h"
#include "sys.h"
#include "unwind.h"

/* The program takes the signal: the next lower one that has no handler is ours from now on. */
static void move_away(void)
{
    ghost_forbid_stops();
    for (int s = stop_signal() - 1; s >= STOP_SIGNAL_LOWEST; s--) {
        struct sigaction now;
        if (!real()->sigaction(s, NULL, &now) && now.sa_handler == SIG_DFL) {
            stop_signal_move(s);
            break;
        }
    }
    ghost_allow_stops();
}

static const sigset_t *without_ours(const sigset_t *set, sigset_t *copy)
{
    if (!set)
        return NULL;
    *copy = *set;
    sigdelset(copy, stop_signal());
    return copy;
}

static bool is_handler(sighandler_t handler)
{
    return handler != SIG_DFL && handler != SIG_IGN;
}

/* While there may be scans, the program can't take our handler away: a stop signal that is on its way
 * would end the process. */
static bool is_kept(int signal, sighandler_t handler)
{
    return signal == stop_signal() && !is_handler(handler) && ghost_tid();
}

/* Where libc tells of our handler, the program has left the default. */
static bool is_our_handler(const void *handler)
{
    return handler && handler == (void *)(uintptr_t)stop_signal_handler;
}

LEAKGC_EXPORT int sigaction(int signal, const struct sigaction *new, struct sigaction *old)
{
    struct sigaction copy;
    bool changes = new && !is_kept(signal, new->sa_handler);
    if (changes) {
        if (is_handler(new->sa_handler))
            unwind_open(); /* from now on there may be frames of handlers */
        if (is_handler(new->sa_handler) && signal == stop_signal())
            move_away();
        copy = *new;
        sigdelset(&copy.sa_mask, stop_signal());
    }
    int r = real()->sigaction(signal, changes ? &copy : NULL, old);
    if (r == 0 && old && is_our_handler((void *)(uintptr_t)old->sa_handler))
        *old = (struct sigaction){.sa_handler = SIG_DFL};
    return r;
}

LEAKGC_EXPORT sighandler_t signal(int number, sighandler_t handler)
{
    if (is_handler(handler))
        unwind_open();
    if (is_kept(number, handler))
        return SIG_DFL;
    if (is_handler(handler) && number == stop_signal())
        move_away();
    sighandler_t old = real()->signal(number, handler);
    return is_our_handler((void *)(uintptr_t)old) ? SIG_DFL : old;
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
