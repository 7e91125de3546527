/* SPDX-License-Identifier: MIT
 *
 * Owns the numbering of small keys (keys.h): a hash table with open addressing, at most half full.
 *
 * Runs in ordinary context. */
#include "keys.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static size_t hash(const struct key *key)
{
    uint64_t h = 0;
    for (size_t i = 0; i < sizeof(key->word) / sizeof(*key->word); i++) {
        h = (h ^ key->word[i]) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    return (size_t)h;
}

/* Where its number is, or will be. */
static size_t *find(const struct keys *keys, const struct key *key)
{
    size_t mask = keys->slot_count - 1;
    size_t at = hash(key) & mask;
    while (keys->slots[at] && memcmp(&keys->keys[keys->slots[at] - 1], key, sizeof(*key)) != 0)
        at = (at + 1) & mask;
    return &keys->slots[at];
}

static void make_room(struct keys *keys)
{
    keys->keys = mem_grow(keys->keys, keys->count, &keys->capacity, sizeof(*keys->keys));
    if (keys->slot_count > 2 * keys->count)
        return;
    free(keys->slots);
    keys->slot_count = keys->slot_count ? 4 * keys->slot_count : 1024;
    keys->slots = mem_zeroed(keys->slot_count, sizeof(*keys->slots));
    for (size_t i = 0; i < keys->count; i++)
        *find(keys, &keys->keys[i]) = i + 1;
}

size_t keys_of(struct keys *keys, struct key key, bool *ret_is_new)
{
    make_room(keys);
    size_t *slot = find(keys, &key);
    *ret_is_new = !*slot;
    if (*ret_is_new) {
        keys->keys[keys->count++] = key;
        *slot = keys->count;
    }
    return *slot - 1;
}

void keys_done(struct keys *keys)
{
    free(keys->keys);
    free(keys->slots);
    *keys = (struct keys){0};
}
