/* SPDX-License-Identifier: MIT
 *
 * Marking while the program runs. */
#ifndef LEAKGC_CONCURRENT_H
#define LEAKGC_CONCURRENT_H

#include "live.h"

/* The threads stand still one after the other, and all together only if a block may be a new leak: then for about
 * l->max_pause_us, or up to 16 times that after tries that were given up. False: the system lacks what it
 * needs, or the program writes faster than that allows; l->why says which, and another method has to do it. */
bool concurrent_scan(struct live *l);

#endif
