/* SPDX-License-Identifier: MIT
 *
 * The signal that stops threads for a scan. hooks_signal.c keeps it deliverable. Async-signal-safe, no lock. */
#ifndef LEAKGC_STOP_SIGNAL_H
#define LEAKGC_STOP_SIGNAL_H

#include <signal.h>
#include <stdint.h>

enum { STOP_SIGNAL_HIGHEST = 61, STOP_SIGNAL_LOWEST = 40 };

/* What the library installs for it. Set before it is installed. */
extern void (*stop_signal_handler)(int, siginfo_t *, void *);

/* Its number, and another one from now on: the program takes this one for itself. */
int stop_signal(void);
void stop_signal_move(int number);

/* Unblocks it in the calling thread (the mask may come from the parent process). */
void stop_signal_unblock(void);

/* Blocks all signals but that one in the calling thread, for work that no handler of the program may
 * interrupt because handlers may allocate: a scan does not wait for it. The answer is the mask before, to be
 * restored; that signal is not blocked then. */
uint64_t signals_block(void);
void signals_restore(uint64_t mask);

#endif
