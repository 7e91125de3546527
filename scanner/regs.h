/* SPDX-License-Identifier: MIT
 *
 * Registers of an interrupted thread, from the context that its signal handler got. One file per
 * architecture (regs_<arch>.c). Async-signal-safe. */
#ifndef LEAKGC_REGS_H
#define LEAKGC_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REGS_MOST = 32, REGS_VECTORS = 8, RED_ZONE = 128 };

struct regs_range {
    const uintptr_t *word;
    size_t count;
};

struct regs {
    uintptr_t sp;
    uintptr_t signal_stack; /* start of its alternate signal stack, 0: none */
    size_t count;
    uintptr_t general[REGS_MOST];
    size_t vectors;
    struct regs_range
        vector[REGS_VECTORS]; /* of the thread's stack, while it is stopped: the others */
};

/* Asks the processor what regs_from_context has to know. Takes some microseconds, the first time. */
void regs_prepare(void);

/* What handlers of the program, which run as soon as ours has returned, do to an interrupted system call. */
enum interruption {
    INTERRUPTION_NONE,
    INTERRUPTION_RESTARTS, /* SA_RESTART: some calls are begun again */
    INTERRUPTION_ENDS      /* it fails with EINTR */
};

/* If the signal interrupted a system call that the kernel does not restart after a handler, and that can
 * be begun again as if nothing had been (it waits without a time limit, or until a fixed time, or knows
 * what is left), it is begun again when the handler returns: the program sees no EINTR for our sake. But it
 * does for the sake of its own signals, or it would wait on, though its handler told it to stop. */
void regs_restart_call(void *context, enum interruption by_program);

/* Whether it interrupted a call of which regs_restart_call decides. */
bool regs_has_call(const void *context);

/* Signals that were blocked when the handler was called; a bit each, signal - 1. */
uint64_t regs_blocked_signals(const void *context);

/* The base of the calling thread's segment that is not thread-local storage (GS), or 0. */
uintptr_t regs_own_base(void);

/* context: the third argument of an SA_SIGINFO handler. */
void regs_from_context(const void *context, struct regs *ret);

#endif
