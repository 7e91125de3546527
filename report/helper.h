/* SPDX-License-Identifier: MIT
 *
 * Running the command `leakgc` as a child of the program, unseen by it. */
#ifndef LEAKGC_HELPER_H
#define LEAKGC_HELPER_H

#include <stddef.h>

/* Runs `leakgc symbolize` with the request as its standard input; its output, in scratch memory, in
 * *ret. 0, or -errno: -ENOENT there is no helper. The child has no LD_PRELOAD, raises no SIGCHLD
 * and is not seen by the program's wait calls. */
int helper_run(const char *request, size_t request_bytes, char **ret, size_t *ret_bytes);

#endif
