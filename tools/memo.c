/* SPDX-License-Identifier: MIT
 *
 * Owns the table of answers: open addressing with linear probing, at most half full, nothing is
 * ever removed.
 *
 * Runs in ordinary context. */
#include "memo.h"

#include <stdlib.h>

#include "mem.h"

/* The slot of the key, or the free one where it belongs. Multiplicative hashing: the constant is
 * 2^64 / the golden ratio. */
static struct memo_entry *probe(const struct memo *memo, uint32_t module, uint64_t addr)
{
    uint64_t hash = (addr ^ (uint64_t)module << 48) * 0x9e3779b97f4a7c15u;
    size_t mask = memo->slot_count - 1;
    size_t index = (size_t)(hash ^ hash >> 32) & mask;
    while (memo->slots[index].text &&
           (memo->slots[index].addr != addr || memo->slots[index].module != module))
        index = (index + 1) & mask;
    return &memo->slots[index];
}

const struct memo_entry *memo_find(const struct memo *memo, uint32_t module, uint64_t addr)
{
    if (memo->count == 0)
        return NULL;
    const struct memo_entry *entry = probe(memo, module, addr);
    return entry->text ? entry : NULL;
}

static void grow(struct memo *memo)
{
    struct memo old = *memo;
    memo->slot_count = old.slot_count ? old.slot_count * 2 : 256;
    memo->slots = mem_zeroed(memo->slot_count, sizeof(*memo->slots));
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].text)
            *probe(memo, old.slots[i].module, old.slots[i].addr) = old.slots[i];
    free(old.slots);
}

void memo_add(struct memo *memo, uint32_t module, uint64_t addr, char *text, size_t bytes)
{
    if (2 * (memo->count + 1) > memo->slot_count)
        grow(memo);
    *probe(memo, module, addr) =
        (struct memo_entry){.addr = addr, .module = module, .text = text, .bytes = bytes};
    memo->count++;
}

void memo_done(struct memo *memo)
{
    for (size_t i = 0; i < memo->slot_count; i++)
        free(memo->slots[i].text);
    free(memo->slots);
    *memo = (struct memo){0};
}
