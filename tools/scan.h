/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc scan`: has a running program searched now, and says what came of it. Exit status:
 * 0 nothing is leaked for certain, 1 something is, 2 usage error, 3 there was no scan. */
#ifndef LEAKGC_TOOLS_SCAN_H
#define LEAKGC_TOOLS_SCAN_H

#include "command.h"

extern const struct command scan_command;

#endif
