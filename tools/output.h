/* SPDX-License-Identifier: MIT
 *
 * Where a command writes its result: stdout, or a file that is there whole or not at all. */
#ifndef LEAKGC_TOOLS_OUTPUT_H
#define LEAKGC_TOOLS_OUTPUT_H

#include <stdio.h>

struct output {
    FILE *file;             /* to be written to; it has no descriptor for fileno */
    int fd;                 /* where that goes */
    int error;              /* of the first write that failed, or 0 */
    char *path, *temporary; /* NULL: written in place */
};

/* path NULL: stdout. 0 or -errno. `o` stays where it is until it is closed. */
int output_open(struct output *o, const char *path);
/* result: of the writing. When that is 0 the file takes its name, else it is removed and what was there
 * before stays. -errno of the first write that failed, however long ago that was; else `result`, or -errno. */
int output_close(struct output *o, int result);

#endif
