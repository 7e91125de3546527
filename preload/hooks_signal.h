/* SPDX-License-Identifier: MIT
 *
 * The signal that stops threads for a scan, kept deliverable. */
#ifndef LEAKGC_HOOKS_SIGNAL_H
#define LEAKGC_HOOKS_SIGNAL_H

/* Its number. It moves to another real-time signal when the program takes it for itself. */
int stop_signal(void);

/* Unblocks it in the calling thread (the mask may come from the parent process). */
void stop_signal_unblock(void);

#endif
