/* SPDX-License-Identifier: MIT
 *
 * A report file for who asks a living program for it: what there is now. */
#ifndef LEAKGC_DUMP_H
#define LEAKGC_DUMP_H

#include "../scanner/live.h"
#include "group.h"
#include "suspects.h"

/* All blocks; or the sites of those that are lost: all of these, and by comparison with the last time that somebody
 * asked for them, whichever of these it was. */
enum dump_wish { DUMP_ALL, DUMP_LEAKS, DUMP_NEW, DUMP_INCREASED, DUMP_CHANGED };

struct dump {
    enum dump_wish wish;
    struct groups groups;
    int fd; /* after dump_write: a sealed memory file, or -errno */
};

/* Takes in what the scan found, suppressed blocks among it (suppress_mark), and for DUMP_ALL every block that lives
 * now. Then, after the scan was reported, writes the file. Under LOCK_CHECK, scratch memory. */
void dump_collect(struct dump *d, const struct live *l);
void dump_write(struct dump *d, const struct live *l, struct scan_id now);

/* Forgets what was asked for, in the child of fork. */
void dump_reset(void);

#endif
