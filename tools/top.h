/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc top`: the call stacks of a running program on a terminal, again and again. Exit status:
 * 0 left, or the program ended; 1 there is no terminal, 2 usage error, 3 the program did not answer. */
#ifndef LEAKGC_TOOLS_TOP_H
#define LEAKGC_TOOLS_TOP_H

#include "command.h"

extern const struct command top_command;

#endif
