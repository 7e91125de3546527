/* SPDX-License-Identifier: MIT
 *
 * The control socket of a process that runs under the library. */
#ifndef LEAKGC_TOOLS_ENDPOINT_H
#define LEAKGC_TOOLS_ENDPOINT_H

/* A connection to it, or -1 and in *ret_error why not, one line without its end, to be freed. Waits at most
 * so long. */
int endpoint_connect(int pid, int timeout_s, char **ret_error);

#endif
