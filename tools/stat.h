/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc stat`: a line of numbers about a running program, again and again. Exit status: 0 all lines
 * were shown or the program ended, 2 usage error, 3 it did not answer. */
#ifndef LEAKGC_TOOLS_STAT_H
#define LEAKGC_TOOLS_STAT_H

#include "command.h"

extern const struct command stat_command;

#endif
