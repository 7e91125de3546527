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

enum answer {
    ANSWER_NONE,
    ANSWER_COMING,
    ANSWER_STANDS,
    ANSWER_RESTS, /* nothing of the program's is in its registers (resting.h) */
    ANSWER_DEAD,
    ANSWER_MISSED
};

struct stopped {
    struct stopped *next;
    int tid;
    uint32_t number;      /* of the stop */
    uint32_t answer;      /* enum answer */
    bool missed;          /* it lives but did not answer: what follows is not known */
    uint64_t since_ns;    /* it stands since then; 0: it does not */
    uintptr_t control;    /* its control block (pthread_self) */
    struct thread *entry; /* of preload/thread.h, or NULL */
    uintptr_t resting_sp;
    struct regs regs;
};

struct stop {
    struct stopped *threads; /* all but the calling one */
    struct stopped *last, *next_known;
    size_t count;
    size_t missed;
    int process; /* whose threads they are */
    int caller;
    uint64_t begun_ns;
    bool can_signal;
};

/* Stops every other thread of the process; waits up to timeout_ms for those that do not answer.
 * Memory is scratch. The caller holds all locks of ours (lock_take_all), so that no stopped thread
 * does. Between world_stop and world_resume call nothing that locks, allocates or prints (I9).
 * False: no memory, or /proc can't be read; nothing is stopped. */
bool world_stop(struct stop *ret, unsigned timeout_ms);
void world_resume(const struct stop *stop);

/* When the first of the threads stood still: that of them which has to wait longest. The caller does from
 * the beginning, if it is the program's. */
uint64_t world_stands_since(const struct stop *stop);

/* The same with `count` threads only, and the others run on; those that have ended are passed over.
 * world_threads: which there are, but the calling one and our own; how many, at most `most` are written. Where
 * a thread ends meanwhile, others may be missing. */
bool world_stop_some(struct stop *ret, unsigned timeout_ms, const int *tid, size_t count);
size_t world_threads(int *ret_tid, size_t most);

/* Whether no other thread is left but our own (ghost.h), which asks; also where /proc can't be read. */
bool world_has_ended(void);

/* A thread of the program that lives, if there is one: nearly always the first. */
int world_living_thread(void);

/* In the child of fork: nobody stands still. */
void world_after_fork(void);

#endif
