/* SPDX-License-Identifier: MIT
 *
 * What kind of program a file is, as far as preloading goes. */
#ifndef LEAKGC_TOOLS_ELFKIND_H
#define LEAKGC_TOOLS_ELFKIND_H

#include <stdbool.h>
#include <stdint.h>

struct elfkind {
    bool is_elf;
    bool is_static;   /* no loader reads LD_PRELOAD for it */
    uint16_t machine; /* EM_... */
    uint8_t class;    /* ELFCLASS32, ELFCLASS64 */
};

/* 0 or -errno of opening; a file that is no ELF file gives is_elf false. */
int elfkind_read(const char *path, struct elfkind *ret_kind);
/* The interpreter of a script (`#!`), or NULL; to be freed. */
char *elfkind_interpreter(const char *path);

#endif
