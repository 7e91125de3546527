/* SPDX-License-Identifier: MIT
 *
 * `leakgc options`: the table of the library's options. */
#ifndef LEAKGC_TOOLS_OPTIONS_H
#define LEAKGC_TOOLS_OPTIONS_H

#include "command.h"

extern const struct command options_command;

#endif
