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
    size_t count, asked; /* places; those that the helper was asked for */
    uint32_t names;      /* that it gave */
    bool linkage;        /* wanted: the names that the linker knows, too */
    int error;           /* why there are no answers, -errno */
};

/* One frame; an inlined function has one of its own. */
struct symbols_frame {
    const char *function, *linkage, *file; /* NULL: not known; linkage: the mangled name */
    const char *module;                    /* its path, or NULL */
    uint32_t line;
    uint32_t id; /* the same for equal frames: below symbols.names, or SYMBOLS_NO_ID */
};
#define SYMBOLS_NO_ID UINT32_MAX

void symbols_init(struct symbols *s);

/* Notes every frame of the stack, to be asked for. */
void symbols_want(struct symbols *s, uint32_t trace);

/* Calls visit for the frames of a stack, innermost first, until it returns false. */
void symbols_visit(const struct symbols *s, uint32_t trace,
                   bool (*visit)(const struct symbols_frame *f, void *arg), void *arg);

/* Whether the code at a return address is where a signal handler returns to. */
bool symbols_is_trampoline(uintptr_t pc);

/* Starts the helper for what it was not asked yet, and takes its answers. Without the helper the
 * frames have the names of the modules' dynamic symbols. Ordinary context, scratch memory; the
 * program's environment, signals and children stay as they are. */
void symbols_resolve(struct symbols *s);

/* Prints the frames of a stack, one a line, indented. */
void symbols_print(const struct symbols *s, struct sink *out, uint32_t trace);

#endif
