/* SPDX-License-Identifier: MIT
 *
 * The one file of ours that is not to stay when the process ends. */
#ifndef LEAKGC_LEFTOVER_H
#define LEAKGC_LEFTOVER_H

#include <stdbool.h>

/* The process has just made this file, and no other is noted. */
void leftover_set(const char *path);

/* Whether a file is noted, and still is what is found at its path. */
bool leftover_is_there(void);

/* Removes it, unless something else is at its path by now; whether one was noted. Does nothing in another
 * process, such as a child of fork or vfork. Async-signal-safe. */
bool leftover_remove(void);

/* The same, and what is noted later goes at once: the process ends. */
void leftover_end(void);

#endif
