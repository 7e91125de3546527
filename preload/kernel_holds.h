/* SPDX-License-Identifier: MIT
 *
 * What of the kernel's may hold pointers of the program: noted where the program makes it, so that only
 * programs that do are asked about (scanner/kernel.h). Async-signal-safe. */
#ifndef LEAKGC_KERNEL_HOLDS_H
#define LEAKGC_KERNEL_HOLDS_H

#include <stdbool.h>
#include <stddef.h>

enum { KERNEL_EPOLLS = 64 };

void kernel_holds_epoll(int fd);
void kernel_holds_timer(void);

/* Descriptors that were or are epoll instances; KERNEL_EPOLLS of them: there may be more. */
size_t kernel_epolls(int ret_fds[KERNEL_EPOLLS]);
bool kernel_timers(void);

#endif
