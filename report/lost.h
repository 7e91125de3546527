/* SPDX-License-Identifier: MIT
 *
 * Lost blocks of which the program wants to be told (leakgc_on_lost, leakgc_poll). */
#ifndef LEAKGC_LOST_H
#define LEAKGC_LOST_H

#include "../scanner/live.h"
#include "suspects.h"

/* A scan's candidates, after suspects_update. Of one that the program asked for: they are put on the list. Of
 * one of the thread of our own: leakgc_poll will ask, if there is anything new. Under LOCK_CHECK. */
void lost_take_in(const struct live *l, const struct verdict *verdict, enum belief belief);

#endif
