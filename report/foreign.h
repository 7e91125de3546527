/* SPDX-License-Identifier: MIT
 *
 * Programs whose blocks the library does not see, because they bring a malloc of their own. */
#ifndef LEAKGC_FOREIGN_H
#define LEAKGC_FOREIGN_H

#include <stdbool.h>

/* Another malloc (the executable's, a sanitizer's) comes before ours in the search order. Says so
 * in one line, once. */
bool foreign_malloc_at_start(void);

/* The executable has a malloc inside that the loader does not know, and it never called ours. Reads the
 * executable's symbol table; for reports. */
bool foreign_malloc_inside(void);

#endif
