/* SPDX-License-Identifier: MIT
 *
 * The control socket, over which the command asks the living program for something.
 *
 * A client sends one line, the name of a request, and gets one line back: `ok` and what the request says,
 * or `error` and why not. With the line of some requests comes a descriptor: a sealed memory file. */
#ifndef LEAKGC_REMOTE_H
#define LEAKGC_REMOTE_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/* What can be asked for. `answer` writes the whole line, with its end, and returns its length; *ret_file may
 * become a descriptor to be passed, which is closed afterwards. All who asked before it was called get the
 * same. */
struct request {
    const char *name;
    size_t (*answer)(char *text, size_t cap, int *ret_file);
};

enum { REMOTE_CLIENTS = 4, REMOTE_FDS = 1 + REMOTE_CLIENTS, REMOTE_ANSWER = 1280 };

/* Makes the socket that the option `control` names. */
void remote_open(void);

/* Makes it again if its file has gone. */
void remote_check(void);

/* What to wait for, into fds[REMOTE_FDS], and how long at most: the sooner of that and *timeout_ms. */
void remote_prepare(struct pollfd *fds, uint64_t *timeout_ms);

/* Takes in what came, and answers. */
void remote_serve(const struct pollfd *fds, const struct request *table, size_t rows);

void remote_close(void);

/* In the child of fork, whose socket it is not. */
void remote_after_fork(void);

#endif
