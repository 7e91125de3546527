/* SPDX-License-Identifier: MIT
 *
 * `leakgc selftest`: whether all of it works on this machine. */
#ifndef LEAKGC_TOOLS_SELFTEST_H
#define LEAKGC_TOOLS_SELFTEST_H

#include "command.h"

extern const struct command selftest_command;

#endif
