/* SPDX-License-Identifier: MIT
 *
 * Scans that the program asks for (leakgc.h). */
#ifndef LEAKGC_ASKED_H
#define LEAKGC_ASKED_H

#include "../preload/ending.h"

/* An ending_scan. */
long asked_scan(const struct question *q);

#endif
