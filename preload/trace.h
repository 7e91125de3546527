/* SPDX-License-Identifier: MIT
 *
 * Call stacks, each frame stored once for all stacks that have the same frames outside of it. A
 * stack is named by a 30-bit id; 0 is no stack. Ids are never reused. */
#ifndef LEAKGC_TRACE_H
#define LEAKGC_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

enum { TRACE_FRAMES_MOST = 256 };

/* Traces of blocks that are ours to explain, not the program's. */
enum {
    TRACE_INTERNAL = 1, /* allocated by libc or the loader while they served us */
    TRACE_UNKNOWN = 2,  /* recording is off, or had stopped */
};

struct trace_frame {
    uintptr_t pc;         /* return address; 47 bits are kept, all that user space has */
    uint32_t module_time; /* for module_at: its module's, also when that was unloaded since */
};

/* Stores or finds a stack, given innermost frame first; 0 when there is no memory for it, or it has
 * no frames. Thread-safe, lock-free when found. */
uint32_t trace_intern(const uintptr_t *pc, size_t frames);

/* The same for a stack whose outer frames are the stack `id` (0: none) already; ret: [frames], the ids
 * of the stacks that begin at each of these. `frames` may be 0. False: no memory. */
bool trace_extend(uint32_t id, const uintptr_t *pc, size_t frames, uint32_t *ret);

/* The stack without frames beyond the innermost `frames`: what is to be shown, and compared. The
 * stack itself if it has no more, or there is no memory. Takes LOCK_TRACES. */
uint32_t trace_cut(uint32_t id, size_t frames);

/* Takes the innermost frame off a stack; false when there is none, or the id is no stack:
 *     for (struct trace_frame f; trace_next(&id, &f);)
 * Two stacks whose ids are the same have the same frames from there on. */
bool trace_next(uint32_t *id, struct trace_frame *ret);

/* Whether the dynamic loader itself allocated: its blocks are nobody's leaks. */
bool trace_is_of_loader(uint32_t id);

/* Retires every frame in [begin, end), and so every stack through it: the code there was unloaded.
 * The stack of the same addresses gets another id from then on. */
void trace_retire(uintptr_t begin, uintptr_t end);

/* Notes where the loader is; whether an address is in it. */
void trace_init(void);
bool trace_in_loader(uintptr_t pc);

/* How many stacks there are (frames that only lie between do not count). */
size_t trace_count(void);

/* Whether the test says true for any stack. Takes LOCK_TRACES. */
bool trace_any(bool (*test)(uint32_t id, void *), void *arg);

#endif
