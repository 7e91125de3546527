/* SPDX-License-Identifier: MIT
 *
 * A made-up stack, the last stack of its thread, and the proof that both agree: after each capture
 * what was found is compared with a fresh walk over the whole stack, and the words that are kept are
 * checked. For test_last_stack.c and test_last_stack_depth.c. */
#ifndef LEAKGC_UNIT_JOINED_H
#define LEAKGC_UNIT_JOINED_H

#include "../../preload/last_stack.h"
#include "stacks.h"

extern struct stack_model model;
extern struct last_stack last;
extern enum stack_path path;          /* of the last capture */
extern struct stack_walk fresh, deep; /* of the stack captured: as far as asked for, and further */

/* Fixture: no stack yet, 32 frames asked for. In life the depth does not change. */
void joined_setup(void);
void set_depth(uint32_t depth);

/* A walk that knows nothing of the ones before; whether it came to the stack's end. */
bool walk_fresh(struct stack_walk *w, size_t frames);

/* The stack that is there is captured, and all holds. */
void capture_and_check(void);

/* The model is laid, captured, and found as it was meant. */
void lay_and_check(void);
void lay_and_expect(enum stack_path expected);

/* One more inner frame. */
void add(enum form form, unsigned words, unsigned site);

/* Frames that a joining walk can pass. */
void some_stack(void);

#endif
