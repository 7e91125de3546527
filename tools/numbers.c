/* SPDX-License-Identifier: MIT
 *
 * Owns the numbering of things by what they are (numbers.h): a balanced tree of the C library.
 *
 * Runs in ordinary context. */
#include "numbers.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct numbered {
    struct numbers_key key;
    uint64_t number;
};

static int compare(const void *a, const void *b)
{
    const struct numbers_key *x = a, *y = b; /* the first member of an entry */
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    return strcmp(x->text, y->text);
}

static struct numbered *make(struct numbers_key key, uint64_t number)
{
    size_t bytes = strlen(key.text) + 1;
    struct numbered *entry = mem_zeroed(1, sizeof(*entry) + bytes);
    key.text = memcpy(entry + 1, key.text, bytes);
    *entry = (struct numbered){key, number};
    return entry;
}

uint64_t numbers_of(struct numbers *numbers, struct numbers_key key, bool *ret_is_new)
{
    struct numbered *const *known = tfind(&key, &numbers->tree, compare);
    *ret_is_new = !known;
    if (known)
        return (*known)->number;
    struct numbered *entry = make(key, numbers->count);
    if (!tsearch(entry, &numbers->tree, compare))
        mem_zeroed(SIZE_MAX, SIZE_MAX); /* says so and ends */
    return numbers->count++;
}

void numbers_done(struct numbers *numbers)
{
    tdestroy(numbers->tree, free);
    *numbers = (struct numbers){0};
}
