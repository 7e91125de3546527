/* SPDX-License-Identifier: MIT
 *
 * The proof of exactness: in a build with VERIFY=1 every captured call stack is compared with the one
 * that libunwind's cursor finds. In other builds this is nothing. */
#ifndef LEAKGC_VERIFY_H
#define LEAKGC_VERIFY_H

#include <stdint.h>

#include "frame_rules.h"
#include "record.h"

enum verify_path { VERIFY_CACHED, VERIFY_JOINED, VERIFY_WALKED, VERIFY_UNWOUND, VERIFY_PATHS };

#ifdef LEAKGC_VERIFY

/* In the constructor: opens libunwind. */
void verify_init(void);

/* Compares; says the first differences through the log, and counts all. */
void verify_capture(const uintptr_t *frame, record ours, enum verify_path path);

/* One line: how many captures, by which path, how many differences. At the end of the process. */
void verify_summary(void);

/* A child of fork counts its own. */
void verify_after_fork(void);

/* The proof that the proof can fail: with VERIFY_BREAK=N in the environment the Nth
 * rule is wrong. */
struct rule verify_break(struct rule rule);

#else

static inline void verify_init(void) {}
static inline void verify_capture(const uintptr_t *frame, record ours, enum verify_path path)
{
    (void)frame;
    (void)ours;
    (void)path;
}
static inline void verify_summary(void) {}
static inline void verify_after_fork(void) {}
static inline struct rule verify_break(struct rule rule)
{
    return rule;
}

#endif

#endif
