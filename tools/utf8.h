/* SPDX-License-Identifier: MIT
 *
 * Texts of a report may hold any byte but NUL; what is written is UTF-8 all the same. */
#ifndef LEAKGC_TOOLS_UTF8_H
#define LEAKGC_TOOLS_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* One character, or a replacement for a byte that belongs to none. */
struct utf8 {
    const char *bytes; /* not terminated */
    size_t length;     /* 0: the text is at its end */
};

/* The character at *text, which moves on behind it. */
struct utf8 utf8_next(const char **text);
/* U+0000 to U+001F and U+007F. */
bool utf8_is_control(struct utf8 c);
/* The text with a replacement for what is not UTF-8 and for control characters, to be freed: for formats
 * that can't quote them, and so that a terminal is not told what to do. */
char *utf8_printable(const char *text);

#endif
