/* SPDX-License-Identifier: MIT
 *
 * Whether memory is short: how full the memory cgroup of the process is, and whether tasks stand still
 * because the kernel has to find memory first (pressure stall information). */
#ifndef LEAKGC_PRESSURE_H
#define LEAKGC_PRESSURE_H

#include <stdbool.h>

/* Whether it is at the percentage of its limit that the option `pressure` names, and was not said to be
 * so lately. Reads some small files; for the thread of our own. */
bool pressure_is_high(void);

/* A descriptor on which POLLPRI says that tasks stood still for as long as the option `psi` says, within
 * two seconds; -1: none. The thread of our own opens it, and closes it by its end. */
int pressure_stall_open(void);

/* What poll said about it; whether there are stalls, and were not said to be so lately. */
bool pressure_stalls(int *fd, short revents);

/* The files of the kernel, the best first: in its place, a single one (for tests), or NULL. */
extern const char *pressure_stall_file;

#endif
