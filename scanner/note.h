/* SPDX-License-Identifier: MIT
 *
 * Which blocks a slab has. */
#ifndef LEAKGC_NOTE_H
#define LEAKGC_NOTE_H

#include "mark.h"

/* Notes the live blocks of the slab in m, as not reached so far; those that an earlier scan reached, as reached. kept: what
 * is kept for the next scan, or NULL. m->wanted: there was an earlier scan. LOCK_CAGE is held, or the world stopped. */
void note_slab(struct mark *m, const struct slab *s, const struct mark_kept *kept);

/* The same for a slice at which no slab begins, and if it is free, the span that does. */
void note_nothing(const struct mark *m, const struct slab *s, const struct mark_kept *kept);

#endif
