/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc diff`: compares two report files. Exit status: 0 nothing is new or has grown, 1 something
 * (or as --fail-on says), 2 usage error, 3 a file could not be read, or not all of it, or writing failed. */
#ifndef LEAKGC_TOOLS_DIFF_H
#define LEAKGC_TOOLS_DIFF_H

#include "command.h"

extern const struct command diff_command;

#endif
