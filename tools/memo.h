/* SPDX-License-Identifier: MIT
 *
 * Answers that were worked out before: (module, address) -> text. A `struct memo` full of zeros is
 * empty. */
#ifndef LEAKGC_TOOLS_MEMO_H
#define LEAKGC_TOOLS_MEMO_H

#include <stddef.h>
#include <stdint.h>

struct memo_entry {
    uint64_t addr;
    uint32_t module;
    char *text; /* NULL: a free slot */
    size_t bytes;
};

struct memo {
    struct memo_entry *slots;
    size_t count, slot_count; /* 2 * count <= slot_count, a power of 2 or 0 */
};

/* The entry, or NULL. Valid until the next memo_add. */
const struct memo_entry *memo_find(const struct memo *memo, uint32_t module, uint64_t addr);
/* Adds what memo_find did not find. Takes the text, which is to be freed with free(). */
void memo_add(struct memo *memo, uint32_t module, uint64_t addr, char *text, size_t bytes);
void memo_done(struct memo *memo);

#endif
