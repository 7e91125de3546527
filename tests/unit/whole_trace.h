/* SPDX-License-Identifier: MIT
 *
 * A call stack as one piece, for tests that look at several frames of it. */
#ifndef LEAKGC_UNIT_WHOLE_TRACE_H
#define LEAKGC_UNIT_WHOLE_TRACE_H

#include <stdlib.h>

#include "../../preload/trace.h"

struct trace {
    size_t frames;
    uintptr_t pc[TRACE_FRAMES_MOST];
};

/* A copy, NULL when the id is no stack. The test's process ends soon: it is not freed. */
static inline const struct trace *trace_get(uint32_t id)
{
    struct trace_frame f;
    struct trace *t = calloc(1, sizeof *t);
    while (t->frames < TRACE_FRAMES_MOST && trace_next(&id, &f))
        t->pc[t->frames++] = f.pc;
    return t->frames ? t : NULL;
}

#endif
