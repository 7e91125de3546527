/* SPDX-License-Identifier: MIT
 *
 * One module of a request, opened, and the answers about it. */
#ifndef LEAKGC_TOOLS_RESOLVER_H
#define LEAKGC_TOOLS_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "request.h"

/* How much of a file is used, the most first. */
enum resolver_trust { RESOLVER_ALL, RESOLVER_ONLY_SYMBOLS, RESOLVER_NOTHING };

struct resolver;

/* Opens the module's file. debug_path: as libdwfl's debuginfo_path (directories between colons).
 * -ENOENT: there is no such regular file; -ENOEXEC: it is no program or library; -ESTALE: its build
 * id is another one than the module's. */
int resolver_open(const struct request_module *module, enum resolver_trust trust, char *debug_path,
                  struct resolver **ret_resolver);
/* Writes the answer for one runtime address; linkage: with a field for the mangled name. */
void resolver_answer(struct resolver *resolver, uint64_t addr, bool linkage, FILE *out);
/* Writes the answer for an address about which nothing is known. */
void resolver_answer_unknown(FILE *out);
void resolver_close(struct resolver *resolver);

#endif
