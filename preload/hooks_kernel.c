/* SPDX-License-Identifier: MIT
 *
 * Owns the interposed functions by which a program gives a pointer to the kernel to keep: it may be
 * the only one. That it has done so is noted; what exactly, the kernel is asked by each scan.
 *
 * Runs in ordinary context and in the program's signal handlers. */
#include <signal.h>
#include <sys/epoll.h>
#include <time.h>

#include "kernel_holds.h"
#include "real.h"
#include "sys.h"

LEAKGC_EXPORT int epoll_ctl(int epoll, int op, int fd, struct epoll_event *event)
{
    if (op != EPOLL_CTL_DEL && epoll >= 0)
        kernel_holds_epoll(epoll);
    return real()->epoll_ctl(epoll, op, fd, event);
}

/* What SIGEV_THREAD is given, libc keeps in blocks of its own. */
LEAKGC_EXPORT int timer_create(clockid_t clock, struct sigevent *event, timer_t *ret)
{
    if (event && event->sigev_notify != SIGEV_NONE)
        kernel_holds_timer();
    return real()->timer_create(clock, event, ret);
}
