/* SPDX-License-Identifier: MIT
 *
 * A terminal that is used as one page, without a library: what was on it comes back whichever way the command
 * ends. */
#ifndef LEAKGC_TOOLS_TERMINAL_H
#define LEAKGC_TOOLS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

enum terminal_key { /* other keys are their characters */
                    KEY_NONE = 0,
                    KEY_ENTER = '\r',
                    KEY_ESCAPE = 0x1b,
                    KEY_UP = 256,
                    KEY_DOWN,
                    KEY_PAGE_UP,
                    KEY_PAGE_DOWN,
                    KEY_HOME,
                    KEY_END,
                    KEY_ERASE,
                    KEY_RESIZED, /* none: the size changed, or the page has to be drawn again */
                    KEY_WATCHED, /* none: the other descriptor is ready */
                    KEY_CLOSED   /* none: there is no terminal any more */
};

/* Takes the terminal of stdin and stdout; false: they are none. Once. What goes to stderr meanwhile is lost. */
bool terminal_begin(void);
void terminal_end(void);

/* Of stdout; 24 and 80 where that is not known. */
void terminal_size(int *ret_lines, int *ret_columns);

/* Waits for a key at most so long, KEY_NONE: it took too long; other: a descriptor to wait for too, or -1. */
int terminal_key(int timeout_ms, int other);

/* 0 or -errno. */
int terminal_write(const char *text, size_t bytes);

#endif
