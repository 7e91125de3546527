/* SPDX-License-Identifier: MIT
 *
 * One thread of our own that neither the program nor libc knows. */
#ifndef LEAKGC_GHOST_H
#define LEAKGC_GHOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pollfd;

/* Gets its memory; false: there is none. Once, in ordinary context. */
bool ghost_init(void);

/* Starts it unless it runs: `run` is its whole life. Any thread, signal handlers too; no lock. False:
 * it could not be started. */
bool ghost_start(void (*run)(void));

/* Thread id while it runs, else 0. */
int ghost_tid(void);

/* Bits for it, from any thread or signal handler; GHOST_END: end, GHOST_LOOK: see whether all is well.
 * It listens: all bits since the last time, at the latest after timeout_ns, or once one of the descriptors
 * is ready; fds[0] is for ghost.c itself, count 0: none. */
enum { GHOST_END = 1 << 0, GHOST_LOOK = 1 << 1, GHOST_BITS = 2 };
void ghost_tell(uint32_t bits);
uint32_t ghost_listen(uint64_t timeout_ns, struct pollfd *fds, size_t count);
bool ghost_can_poll(void);   /* whether it can wait for descriptors; for itself */
bool ghost_nap(uint64_t ns); /* nothing is taken; true: it is to end */

/* Between the two somebody waits for a lock that it holds: what it does is to be given up soon. */
void ghost_hurry_begin(void);
void ghost_hurry_end(void);
bool ghost_is_hurried(void);

/* While stops are forbidden, no thread is stopped, and no stop signal is on its way; asked for once all locks are
 * held. The last one waits until they may be allowed again, without locks. */
void ghost_forbid_stops(void);
void ghost_allow_stops(void);
bool ghost_may_stop(void);
void ghost_await_stops(unsigned timeout_ms);

/* Whether it could be a thread of the calling process, which may be a child of vfork. */
bool ghost_is_of_this_process(void);

/* Tells it to end and waits until it has; not for ever. */
bool ghost_end(unsigned timeout_ms);

/* A copy of the program's descriptor `fd`, in the table of the ghost, which calls; or -errno. */
int ghost_borrow(int fd);

/* The calling thread is the copy of it in a copy of the process. */
void ghost_is_me(void);

/* In the child of fork, which does not have it. */
void ghost_after_fork(void);

#endif
