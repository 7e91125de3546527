/* SPDX-License-Identifier: MIT
 *
 * The function symbols of one ELF file, by address. A `struct elfsyms` full of zeros is empty. */
#ifndef LEAKGC_TOOLS_ELFSYMS_H
#define LEAKGC_TOOLS_ELFSYMS_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ranges.h"

struct elfsym {
    const char *name;   /* as in the file; lives as long as the Dwfl_Module */
    uint64_t addr, end; /* without a size: the end of its section */
    bool is_sized;
    uint8_t binding;
};

struct elfsyms {
    struct elfsym *symbols;
    size_t count, capacity;
    struct ranges sized, sizeless; /* their values are indexes into symbols */
};

/* Reads .symtab (also of a separate debug file), else .dynsym with .gnu_debugdata. A file without
 * symbols gives an empty map. */
void elfsyms_load(struct elfsyms *syms, Dwfl_Module *module);
/* The name of the symbol that holds the address, or NULL. Of aliases: global before weak before
 * local, then the fewest leading underscores, then the shortest, then the first in the alphabet. */
const char *elfsyms_find(const struct elfsyms *syms, uint64_t addr);
void elfsyms_done(struct elfsyms *syms);

#endif
