/* SPDX-License-Identifier: MIT
 *
 * Numbers for things that are a few numbers themselves, from 0 in the order in which they are first asked for: as
 * numbers.h, for millions of them. A `struct keys` full of zeros has none. */
#ifndef LEAKGC_TOOLS_KEYS_H
#define LEAKGC_TOOLS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key {
    uint64_t word[4];
};

struct keys {
    struct key *keys; /* by number */
    size_t count, capacity;
    size_t *slots; /* a hash table of number + 1; 0: free */
    size_t slot_count;
};

/* *ret_is_new: it had none before. */
size_t keys_of(struct keys *keys, struct key key, bool *ret_is_new);
void keys_done(struct keys *keys);

#endif
