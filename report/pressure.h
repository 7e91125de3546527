/* SPDX-License-Identifier: MIT
 *
 * How full the memory cgroup of the process is. */
#ifndef LEAKGC_PRESSURE_H
#define LEAKGC_PRESSURE_H

#include <stdbool.h>

/* Whether it is at the percentage of its limit that the option `pressure` names, and was not said to be
 * so lately. Reads some small files; for the thread of our own. */
bool pressure_is_high(void);

#endif
