/* SPDX-License-Identifier: MIT
 *
 * What a program defines for leak checkers to call. */
#ifndef LEAKGC_PROGRAM_H
#define LEAKGC_PROGRAM_H

#include <stdbool.h>

/* Options by __lsan_default_options, where the environment does not say otherwise. Once, in the
 * constructor. */
void program_options(void);

/* Whether the program wants no check (__lsan_is_turned_off). Ordinary context of the program, no lock. */
bool program_is_turned_off(void);

#endif
