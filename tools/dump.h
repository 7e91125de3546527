/* SPDX-License-Identifier: MIT
 *
 * The subcommands `leakgc dump` and `leakgc leaks`: a report of a running program, now. Exit status: 0 done, and
 * for `leaks` nothing is lost; 1 something is, or writing failed; 2 usage error, 3 there was no report. */
#ifndef LEAKGC_TOOLS_DUMP_H
#define LEAKGC_TOOLS_DUMP_H

#include "command.h"

extern const struct command dump_command, leaks_command;

#endif
