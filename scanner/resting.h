/* SPDX-License-Identifier: MIT
 *
 * Threads that libc has made for itself (for timers, asynchronous input and output, message queues): they
 * block all signals, so they can't be stopped. */
#ifndef LEAKGC_RESTING_H
#define LEAKGC_RESTING_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the thread, which has not answered the signal, blocks it and waits in a system call of libc's:
 * then nothing in its registers is the program's. *ret_sp: its stack pointer. World stopped. */
bool resting_in_libc(int tid, int signal, uintptr_t *ret_sp);

#endif
