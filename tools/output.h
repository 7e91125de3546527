/* SPDX-License-Identifier: MIT
 *
 * Where a command writes its result: stdout, or a file that is there whole or not at all. */
#ifndef LEAKGC_TOOLS_OUTPUT_H
#define LEAKGC_TOOLS_OUTPUT_H

#include <stdio.h>

struct output {
    FILE *file;
    char *path, *temporary; /* NULL: `file` is written in place */
};

/* path NULL: stdout. 0 or -errno. */
int output_open(struct output *o, const char *path);
/* result: of the writing. When that is 0 the file takes its name, else it is removed and what was there
 * before stays. `result`, or -errno. */
int output_close(struct output *o, int result);

#endif
