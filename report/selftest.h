/* SPDX-License-Identifier: MIT
 *
 * The option selftest: a leak that the library plants itself, which every check has to find. */
#ifndef LEAKGC_SELFTEST_H
#define LEAKGC_SELFTEST_H

#include "../scanner/live.h"

/* Plants it. Once, in the constructor, with the option set and a check to come. */
void selftest_plant(void);

/* Says that there will be no check, and why. */
void selftest_refused(const char *why);

/* Whether a block is the planted one, which belongs in no report; what became of it is remembered.
 * World stopped. */
bool selftest_takes(const struct block *b, enum loss_kind kind);

/* The verdict on a check at the end, and on a scan of the living program. The planted block is taken out of
 * the result. */
void selftest_judge(struct scan_result *scan);
void selftest_judge_live(struct live *l);

/* The exit status to end with: another one, when it failed, or there was no check, and the program's own was 0. */
int selftest_status(int status);

#endif
