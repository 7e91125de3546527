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

/* For other commands that name addresses. The standard places of debug information; a directory (of
 * the option --debug-path) in front of them: libdwfl wants absolute names for build ids, and separates them
 * with colons. 0, or COMMAND_USAGE after a line. */
#define SYMBOLIZE_DEBUG_PATH ":.debug:/usr/lib/debug"
#define SYMBOLIZE_TIMEOUT_SECONDS 60
int symbolize_debug_path(const struct command *command, char **path, const char *directory);

/* Unless the environment allows it, no server is asked. */
void symbolize_shut_out_network(void);

#endif
