/* SPDX-License-Identifier: MIT
 *
 * DWARF: which functions, inlined ones included, and which line an address lies in. Addresses here
 * are those of the DWARF data (the caller takes the bias off). */
#ifndef LEAKGC_TOOLS_SCOPES_H
#define LEAKGC_TOOLS_SCOPES_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ranges.h"

/* One compilation unit. Filled in when it is first asked for. */
struct scopes_unit {
    Dwarf_Die line_die; /* has the line table and the compilation directory */
    Dwarf_Die die;      /* has the functions; another one than line_die only in split DWARF */
    bool is_indexed;
    Dwarf_Lines *lines;
    size_t line_count;
    Dwarf_Files *files;
    size_t file_count;
    const char *directory; /* of the compilation, or NULL */
    Dwarf_Die *functions;
    size_t function_count, function_capacity;
    struct ranges function_ranges; /* values are indexes into functions */
};

/* A `struct scopes` full of zeros knows no address. */
struct scopes {
    struct scopes_unit *units;
    size_t unit_count, unit_capacity;
    struct ranges unit_ranges; /* values are indexes into units */
    Dwarf_Die *chain;          /* result of the last scopes_find */
    size_t chain_count, chain_capacity;
};

/* A place in the source; strings live as long as the Dwarf. */
struct scopes_place {
    const char *directory; /* of the compilation, or NULL; applies when file is relative */
    const char *file;      /* or NULL */
    int line, column;      /* 0 when not known */
};

void scopes_load(struct scopes *scopes, Dwarf *dwarf);
/* The unit of the address, or NULL. Then scopes->chain holds the concrete function and, from the
 * outside to the inside, each function inlined at the address; chain_count 0 when DWARF
 * describes no function there. */
struct scopes_unit *scopes_find(struct scopes *scopes, uint64_t addr);
/* From the line table. */
struct scopes_place scopes_line(const struct scopes_unit *unit, uint64_t addr);
/* Where an inlined function of a chain was called. */
struct scopes_place scopes_call(const struct scopes_unit *unit, Dwarf_Die *inlined);
/* Whether the unit is in a language whose names are not mangled. */
bool scopes_is_c(const struct scopes_unit *unit);
void scopes_done(struct scopes *scopes);

#endif
