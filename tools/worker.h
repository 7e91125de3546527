/* SPDX-License-Identifier: MIT
 *
 * The part of the symbolizer that reads other people's files, in a process that may die of them. */
#ifndef LEAKGC_TOOLS_WORKER_H
#define LEAKGC_TOOLS_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "request.h"

/* What the worker and the process that watches it share, for each module ... */
struct worker_module {
    uint8_t trust;     /* enum resolver_trust: lowered by the watcher when the file did harm */
    bool told_trouble; /* a line on stderr was written about this file */
};

/* ... and as a whole. Lives in memory that both have mapped. */
struct worker_state {
    size_t answered; /* written by the worker: pcs done; it is alive as long as this moves */
    uint32_t module; /* written by the worker: being read now, or REQUEST_NO_MODULE */
    struct worker_module modules[];
};

/* NULL when memory is short. */
struct worker_state *worker_state_new(const struct request *request);
void worker_state_free(struct worker_state *state, const struct request *request);

/* Writes the answers to request->pcs[first] and all after it. */
void worker_answer(const struct request *request, struct worker_state *state, size_t first,
                   char *debug_path, FILE *out);

#endif
