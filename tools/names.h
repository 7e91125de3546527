/* SPDX-License-Identifier: MIT
 *
 * The names of functions in DWARF. */
#ifndef LEAKGC_TOOLS_NAMES_H
#define LEAKGC_TOOLS_NAMES_H

#include <elfutils/libdw.h>

/* The mangled name of a function, concrete or inlined, or NULL. Lives as long as the Dwarf. */
const char *names_linkage(Dwarf_Die *function);
/* The name in the source, without namespaces and parameters, or NULL. Lives as long as the Dwarf. */
const char *names_plain(Dwarf_Die *function);
/* The plain name after those of the namespaces, classes and functions around it
 * (`outer::inner::name`), or NULL; to be freed. */
char *names_qualified(Dwarf_Die *function);

#endif
