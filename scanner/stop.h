/* SPDX-License-Identifier: MIT
 *
 * Stopping the other threads of the process, without ptrace: by a real-time signal whose handler
 * waits. */
#ifndef LEAKGC_STOP_H
#define LEAKGC_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regs.h"

struct stopped {
    struct stopped *next;
    int tid;
    uint32_t number;   /* of the stop */
    uint32_t answered; /* 1 once the thread stands in the handler */
    bool missed;       /* it lives but did not answer: registers and sp are not known */
    uintptr_t control; /* its control block (pthread_self) */
    struct regs regs;
};

struct stop {
    struct stopped *threads; /* all but the calling one */
    size_t count;
    size_t missed;
    int process; /* whose threads they are */
    uint64_t begun_ns;
    bool can_signal;
};

/* Stops every other thread of the process; waits up to timeout_ms for those that do not answer.
 * Memory is scratch. The caller holds all locks of ours (lock_take_all), so that no stopped thread
 * does. Between world_stop and world_resume call nothing that locks, allocates or prints (I9).
 * False: no memory; nothing is stopped. */
bool world_stop(struct stop *ret, unsigned timeout_ms);
void world_resume(const struct stop *stop);

/* Whether no other thread is left but our own (ghost.h), which asks. */
bool world_has_ended(void);

/* In the child of fork: nobody stands still. */
void world_after_fork(void);

#endif
