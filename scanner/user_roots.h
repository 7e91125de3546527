/* SPDX-License-Identifier: MIT
 *
 * Root regions: memory that the program wants to be searched for pointers (leakgc_add_root). */
#ifndef LEAKGC_USER_ROOTS_H
#define LEAKGC_USER_ROOTS_H

#include <stdbool.h>

#include "mark.h"

/* Marks from all of them. World stopped, with all locks. */
void user_roots_mark(struct mark *m);

/* Whether one lies in memory that a copy of the process would share with it. The same. */
bool user_roots_are_shared(const struct maps *maps);

#endif
