/* SPDX-License-Identifier: MIT
 *
 * The call stack of an allocation, in the form in which its record holds it. */
#ifndef LEAKGC_CAPTURE_H
#define LEAKGC_CAPTURE_H

#include <stdint.h>

#include "record.h"

/* Frame of the calling function: what it finds at [0] is its caller's BP, at [1] its return address,
 * and [2] on is the caller's stack. For the entry points of the malloc family, which pass it on (and
 * must not end in a jump, which would give the frame up: the Makefile forbids sibling calls). */
#define CAPTURE_FRAME ((const uintptr_t *)__builtin_frame_address(0))

/* Record bits of an allocation from there: RECORD_LIVE, the trace, and RECORD_ROOT for blocks that
 * count as reachable whatever points to them. Runs in malloc before any lock is taken (I7);
 * preserves errno. Never 0. */
record capture(const uintptr_t *frame);

/* The same for a stack that is not remembered (stack_cache_find). */
record capture_walk(const uintptr_t *frame);

#endif
