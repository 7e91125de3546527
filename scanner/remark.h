/* SPDX-License-Identifier: MIT
 *
 * Marking while the program runs: what was written is looked at again, and what changed is not
 * condemned. */
#ifndef LEAKGC_REMARK_H
#define LEAKGC_REMARK_H

#include "mark.h"

/* Looks through what lies in the pages [begin, end) of the cage of blocks that are marked, and of those that
 * appeared since `birth`: both may hold what was written there. LOCK_CAGE is held. */
void remark_range(struct mark *m, uintptr_t begin, uintptr_t end, uint32_t birth);

/* Takes for reachable what is not lost for certain: what was freed, or appeared since `birth`. Takes
 * LOCK_CAGE now and then. */
void remark_settle(struct mark *m, uint32_t birth);

/* Whether any block is lost, as far as marking has come, of which that is not known yet (is_leak, as in
 * struct live). Takes LOCK_CAGE now and then. */
bool remark_has_lost(const struct mark *m, uint32_t birth,
                     bool (*is_leak)(uintptr_t begin, record r));

#endif
