/* SPDX-License-Identifier: MIT
 *
 * Weak references: slots of the program whose pointers keep no block (leakgc_weak_register). */
#ifndef LEAKGC_WEAK_H
#define LEAKGC_WEAK_H

#include <stdbool.h>

#include "mark.h"

/* Whether there are any. */
bool weak_any(void);

/* World stopped, with all locks, no thread missed: takes the pointers out of the slots, and puts them back.
 * m: the finished mark; then slots whose blocks are lost stay empty, and their functions are due.
 * NULL: all are put back. for_program: records may be changed. */
void weak_hide(const struct maps *maps, bool for_program);
void weak_show(const struct mark *m);

/* Whether it is the address of a slot. Takes LOCK_ASKED. */
bool weak_is_slot(uintptr_t address);

/* Takes up the next slot that is due, and calls its function, if it has one: then *called counts it. False:
 * none. Ordinary context of the program. */
bool weak_call(long *called);

#endif
