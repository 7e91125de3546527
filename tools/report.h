/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc report`: shows a report file. Exit status: 0 shown, 1 writing failed, 2 usage error,
 * 3 the file could not be read, or not all of it. */
#ifndef LEAKGC_TOOLS_REPORT_H
#define LEAKGC_TOOLS_REPORT_H

#include "command.h"

extern const struct command report_command;

#endif
