/* SPDX-License-Identifier: MIT
 *
 * Control sockets that processes left behind which were killed. */
#ifndef LEAKGC_STALE_H
#define LEAKGC_STALE_H

#include <stdbool.h>

/* Whether the file is a socket of this user's on which nobody listens. */
bool stale_is(const char *path);

/* Removes those in the folder of `pattern` (the option `control`) whose name is what it makes of the id of a
 * process that is not there. Does nothing when no other part of it varies but %p, once, in the name. */
void stale_sweep(const char *pattern);

#endif
