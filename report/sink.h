/* SPDX-License-Identifier: MIT
 *
 * Where text goes: stderr, stdout, or a file named by a pattern. */
#ifndef LEAKGC_SINK_H
#define LEAKGC_SINK_H

#include <stdbool.h>
#include <stddef.h>

struct sink {
    int fd;
    bool close;
    bool failed; /* a write failed: the rest is dropped */
    size_t used;
    char buf[8192];
};

/* target: "stderr", "stdout" or a path with %p pid, %e program, %n sequence number, %h host, %t unix
 * time, %%. A file is appended to. When it can't be opened, one line says so and stderr is used. */
void sink_open(struct sink *s, const char *target);
void sink_print(struct sink *s, const char *format, ...);
void sink_close(struct sink *s);

/* The pattern written out, from the directory in which the program started; NUL-terminated, cut at
 * cap. `number` is for %n. */
void sink_expand(char *buf, size_t cap, const char *pattern, unsigned number);

#endif
