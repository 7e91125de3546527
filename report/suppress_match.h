/* SPDX-License-Identifier: MIT
 *
 * Which suppression a call stack meets. */
#ifndef LEAKGC_SUPPRESS_MATCH_H
#define LEAKGC_SUPPRESS_MATCH_H

#include "../preload/options.h"
#include "suppress_file.h"
#include "symbols.h"

/* A stack in names. */
enum { STACK_FRAMES_MOST = 1024 };
struct stack {
    size_t count;
    struct symbols_frame frame[STACK_FRAMES_MOST]; /* innermost first; none of malloc itself */
};

/* What was found out about frames before; by their ids. Scratch memory. */
struct matcher {
    const struct suppressions *list;
    uint32_t frames; /* how many ids there are */
    uint64_t *known; /* [frames][row]: two bits for each pattern; or NULL */
    size_t row;      /* words */
    uint32_t *first; /* [frames]: 1 + the first of LeakSanitizer's that the frame meets; or NULL */
};

void matcher_init(struct matcher *m, const struct suppressions *list, uint32_t frames);

/* The number of the first suppression in the list that the stack meets, or -1. */
long matcher_find(const struct matcher *m, const struct stack *s, enum loss_kind kind);

/* Whether any needs names of functions or files; whether one of LeakSanitizer's is met by a module. */
bool suppress_needs_names(const struct suppressions *list);
long suppress_find_module(const struct suppressions *list, const char *path);

#endif
