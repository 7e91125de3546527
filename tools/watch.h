/* SPDX-License-Identifier: MIT
 *
 * Runs the worker in a child process, so that a file that crashes or traps it costs that file's names
 * and nothing else. */
#ifndef LEAKGC_TOOLS_WATCH_H
#define LEAKGC_TOOLS_WATCH_H

#include <stdio.h>

#include "request.h"

/* Writes the answers to all pcs of the request to `out`; 0, or -errno when that fails. A worker
 * that answers nothing for timeout_seconds is ended. */
int watch_answers(const struct request *request, char *debug_path, unsigned timeout_seconds,
                  FILE *out);

#endif
