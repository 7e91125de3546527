/* SPDX-License-Identifier: MIT
 *
 * From return addresses to names: asks the helper command, once for a whole report. */
#ifndef LEAKGC_SYMBOLS_H
#define LEAKGC_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../preload/trace.h"
#include "sink.h"

struct symbols {
    struct place *table; /* by address and module */
    size_t count;
};

void symbols_init(struct symbols *s);

/* Notes every frame of the stack, to be asked for. */
void symbols_want(struct symbols *s, uint32_t trace);

/* Whether the code at a return address is where a signal handler returns to. */
bool symbols_is_trampoline(uintptr_t pc);

/* Starts the helper and takes its answers. Without the helper the frames have the names of the
 * modules' dynamic symbols. Ordinary context, scratch memory; the program's environment, signals
 * and children stay as they are. */
void symbols_resolve(struct symbols *s);

/* Prints the frames of a stack, one a line, indented. */
void symbols_print(const struct symbols *s, struct sink *out, uint32_t trace);

#endif
