/* SPDX-License-Identifier: MIT
 *
 * The only file that calls libiberty, whose demangler knows Itanium C++ and both Rust schemes and
 * needs no C++ runtime.
 *
 * Only symbols with a mangling prefix are offered to it: `cplus_demangle` would also try others on
 * a C function that happens to look like them. Very long symbols are left alone: the demangler's
 * time can grow exponentially with their length. (Short hostile ones are the watchdog's, see
 * symbolize.c.)
 *
 * Runs in ordinary context. */
#include "demangle.h"

#include <libiberty/demangle.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define LONGEST_BYTES 20000

static bool is_mangled(const char *symbol)
{
    return strncmp(symbol, "_Z", 2) == 0 || strncmp(symbol, "_R", 2) == 0;
}

char *demangle(const char *symbol)
{
    char *name = mem_string(symbol);
    char *version = *name ? strchr(name + 1, '@') : NULL;
    if (version)
        *version = 0;
    if (!is_mangled(name) || strlen(name) > LONGEST_BYTES)
        return name;
    char *readable = cplus_demangle(name, DMGL_AUTO | DMGL_PARAMS | DMGL_ANSI);
    if (!readable)
        return name;
    free(name);
    return readable;
}
