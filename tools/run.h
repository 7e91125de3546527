/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc run`: becomes the program, with the library preloaded. Exit status, when
 * the program does not start: 127 it does not exist, 126 it can't be executed or can't be preloaded
 * into, 2 usage error, 1 the library is missing. */
#ifndef LEAKGC_TOOLS_RUN_H
#define LEAKGC_TOOLS_RUN_H

#include "command.h"

extern const struct command run_command;

/* Sets LD_PRELOAD, and LEAKGC_HELPER where it is needed; 0, or an exit status after a line on stderr. */
int run_set_preload(const char *self, const char *library);

#endif
