/* SPDX-License-Identifier: MIT
 *
 * Numbers for things, from 0 in the order in which they are first asked for. A `struct numbers` full of zeros
 * has none. */
#ifndef LEAKGC_TOOLS_NUMBERS_H
#define LEAKGC_TOOLS_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbers {
    void *tree;
    uint64_t count;
};

/* A thing is two numbers and a text, each of which may be 0 or "". */
struct numbers_key {
    uint64_t a, b;
    const char *text; /* is copied */
};

/* *ret_is_new: it had none before. */
uint64_t numbers_of(struct numbers *numbers, struct numbers_key key, bool *ret_is_new);
void numbers_done(struct numbers *numbers);

#endif
