/* SPDX-License-Identifier: MIT
 *
 * Locks of our own: a futex word each, ranked. libc's mutexes are not used, because the program
 * may interpose them and because a forked child must be able to reset them.
 *
 * Invariant I7: a thread takes locks in ascending rank only; debug builds check it. (Round fork and
 * scans all are taken, in rank order.) */
#ifndef LEAKGC_LOCK_H
#define LEAKGC_LOCK_H

#include <stdint.h>

/* Every lock of the library, in the order in which they may be nested. */
enum lock_rank {
    LOCK_CHECK,   /* one leak check at a time */
    LOCK_MODULES, /* the list of loaded modules */
    LOCK_THREADS, /* the registry of threads */
    LOCK_ASKED,   /* what the program told about its memory, and wants to be told (leakgc.h) */
    LOCK_SHARED,  /* the heap of threads that have none of their own */
    LOCK_ORPHANS, /* slabs whose thread has ended */
    LOCK_TRACES,  /* insertion of new frames of call stacks */
    LOCK_RULES,   /* insertion of a new frame rule */
    LOCK_CAGE,    /* slices of the cage */
    LOCK_META,    /* memory for our own records */
    LOCK_COUNT,
};

/* The ranks that the calling thread holds, a bit each. Not zero in a signal handler means that it
 * interrupted us in a critical section: nothing that locks may be called. */
extern __thread uint32_t lock_held __attribute__((tls_model("initial-exec")));

void lock_take(enum lock_rank rank);
void lock_release(enum lock_rank rank);

/* All locks in rank order: round fork, and while the world is stopped, so that no stopped thread
 * holds one. `from` is the first rank to take. */
void lock_take_all(enum lock_rank from);
void lock_release_all(enum lock_rank from);

/* In a forked child: every lock from `from` on, taken before the fork, is free again. */
void lock_reset_all(enum lock_rank from);

/* There, if the fork came from inside a critical section, or from waiting for one: all are free, and those of the
 * calling thread still count as held until it leaves it. No other thread is there that could disturb it. */
void lock_reset_inside(void);

#endif
