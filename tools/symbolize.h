/* SPDX-License-Identifier: MIT
 *
 * The subcommand `leakgc symbolize`, the helper that the library starts: requests (request.h) on
 * stdin, and on stdout for each pc, in order, one line per frame, the innermost inlined function
 * first, then a line with a single dot:
 *
 *     f<TAB>FUNCTION<TAB>FILE<TAB>LINE<TAB>COLUMN
 *     .
 *
 * If linkage names are asked for, a field LINKAGE follows: the mangled name, or `-`.
 * FUNCTION and FILE are `-`, LINE and COLUMN 0, when not known. Exit status 0; 1 when there were
 * malformed lines, or input or output failed. */
#ifndef LEAKGC_TOOLS_SYMBOLIZE_H
#define LEAKGC_TOOLS_SYMBOLIZE_H

#include "command.h"

extern const struct command symbolize_command;

#endif
