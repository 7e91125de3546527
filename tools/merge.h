/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc merge`: makes one report of several report files. Exit status: 0 done, 1 writing failed,
 * 2 usage error, 3 a file could not be read, or not all of it. */
#ifndef LEAKGC_TOOLS_MERGE_H
#define LEAKGC_TOOLS_MERGE_H

#include "command.h"

extern const struct command merge_command;

#endif
