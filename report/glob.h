/* SPDX-License-Identifier: MIT
 *
 * Patterns of names: `*` stands for any text. */
#ifndef LEAKGC_GLOB_H
#define LEAKGC_GLOB_H

#include <stdbool.h>

enum glob_flags {
    GLOB_ONE = 1,        /* `?` stands for any one character */
    GLOB_OPEN_BEGIN = 2, /* the pattern may begin anywhere in the text */
    GLOB_OPEN_END = 4,   /* and end anywhere */
};

/* Both end with NUL. Time: length of the pattern times that of the text, at most. */
bool glob_matches(const char *pattern, const char *text, unsigned flags);

#endif
