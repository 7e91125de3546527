/* SPDX-License-Identifier: MIT
 *
 * Owns the list of kernel_holds.h. Descriptors are never taken off: numbers are used again, and to ask
 * about another file does no harm.
 *
 * Runs in ordinary context and in the program's signal handlers: no lock, no system call. */
#include "kernel_holds.h"

static int epoll[KERNEL_EPOLLS]; /* descriptor + 1; 0 and those behind it: free */
static bool timers;

void kernel_holds_epoll(int fd)
{
    int mine = fd + 1;
    for (int i = 0; i < KERNEL_EPOLLS; i++) {
        int there = __atomic_load_n(&epoll[i], __ATOMIC_RELAXED);
        if (there == mine ||
            (!there && __atomic_compare_exchange_n(&epoll[i], &there, mine, false, __ATOMIC_RELAXED,
                                                   __ATOMIC_RELAXED)) ||
            there == mine)
            return;
    }
}

void kernel_holds_timer(void)
{
    __atomic_store_n(&timers, true, __ATOMIC_RELAXED);
}

size_t kernel_epolls(int ret_fds[KERNEL_EPOLLS])
{
    size_t count = 0;
    int there;
    while (count < KERNEL_EPOLLS && (there = __atomic_load_n(&epoll[count], __ATOMIC_RELAXED)))
        ret_fds[count++] = there - 1;
    return count;
}

bool kernel_timers(void)
{
    return __atomic_load_n(&timers, __ATOMIC_RELAXED);
}
