/* SPDX-License-Identifier: MIT
 *
 * Suppressions: leaks that are known and not to be told. Everything that a suppressed block reaches is
 * suppressed with it. */
#ifndef LEAKGC_SUPPRESS_H
#define LEAKGC_SUPPRESS_H

#include "../scanner/live.h"
#include "suppress_file.h"
#include "symbols.h"

/* Reads the files of the option `suppressions`. In the constructor. */
void suppress_init(void);

/* Asks the program for __lsan_default_suppressions, once. Ordinary context, after its constructors;
 * takes LOCK_CHECK. */
void suppress_ask_program(void);

/* Whether there are any; and all of them, for telling. */
bool suppress_is_on(void);
const struct suppressions *suppress_list(void);

/* Whether blocks of this kind are compared with suppressions at the end: what is lost, and what is in
 * `kinds`. */
bool suppress_takes(enum loss_kind kind, uint32_t kinds);

/* Finds out which of the blocks are suppressed, with the world running: their kind becomes
 * LOSS_SUPPRESSED, `carried` of the others loses what is suppressed, and the scan's totals follow. Under
 * LOCK_CHECK; scratch memory. In the thread of our own the scan may be given up meanwhile: its failure says so.
 * suppress_drop then takes them away from the array; suppress_live does both. */
void suppress_mark(struct live *l);
void suppress_drop(struct live *l);
void suppress_live(struct live *l);

/* The names that were found out for that; none if there was no need. */
struct symbols suppress_take_symbols(void);

/* In the child of fork. */
void suppress_after_fork(void);

#endif
