/* SPDX-License-Identifier: MIT
 *
 * Readable names for linker symbols. */
#ifndef LEAKGC_TOOLS_DEMANGLE_H
#define LEAKGC_TOOLS_DEMANGLE_H

/* The source form of a C++ or Rust symbol, or a copy of the symbol when it is neither. A symbol
 * version (`name@@VERSION`) is cut off first. To be freed. */
char *demangle(const char *symbol);

#endif
