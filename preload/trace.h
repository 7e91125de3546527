/* SPDX-License-Identifier: MIT
 *
 * Call stacks, stored once each and named by a 30-bit id; 0 is no trace. Ids are never reused. */
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

struct trace {
    uint32_t next; /* in the hash chain; written once */
    uint32_t hash;
    uint16_t frames;
    bool retired;         /* a module that it names was unloaded: never matched again */
    bool of_loader;       /* allocated by the dynamic loader itself */
    uint32_t module_time; /* module_now() when it was stored */
    uintptr_t pc[];       /* return addresses, innermost first */
};

/* Stores or finds a stack; 0 when there is no memory for it. Thread-safe, lock-free when found. */
uint32_t trace_intern(const uintptr_t *pc, size_t frames);

/* The trace of an id, NULL for 0. Valid for ever. */
const struct trace *trace_get(uint32_t id);

/* Retires every trace with a frame in [begin, end): the code there was unloaded. */
void trace_retire(uintptr_t begin, uintptr_t end);

/* Notes where the loader is; whether an address is in it. */
void trace_init(void);
bool trace_in_loader(uintptr_t pc);

size_t trace_count(void);

/* Whether the test says true for any trace. Takes LOCK_TRACES. */
bool trace_any(bool (*test)(const struct trace *, void *), void *arg);

#endif
