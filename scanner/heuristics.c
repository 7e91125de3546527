/* SPDX-License-Identifier: MIT
 *
 * Owns memcheck's four heuristics. B is the block, p the interior pointer:
 *
 *   length64             | u64: size - 8 | p ...                           a length kept in front
 *   stdstring            | length | capacity | count | p text ... NUL      std::string before C++11
 *   newarray             | u64: n | p element | element | ...              new T[n], T with destructor
 *   multipleinheritance  | vtable ... | p vtable ...                       pointer to a second base
 *
 * Runs with the world stopped, for interior pointers only. Memory outside the block is read through
 * copies, and the block too where the program may have taken access from pages of the heap; a verdict
 * on a vtable, of which a program has few, is kept for the rest of the scan. */
#include "heuristics.h"

#include <string.h>

#include "../preload/options.h"
#include "../preload/space.h"
#include "../preload/sys.h"

static bool must_copy;

uint64_t heuristics_word(uintptr_t address)
{
    uint64_t copy = 0;
    if (!must_copy)
        return *(const uint64_t *)address;
    return sys_peek(&copy, (const void *)address, sizeof copy) == sizeof copy ? copy : 0;
}

static bool has_length(uintptr_t offset, const struct block *b)
{
    return offset == 8 && b->bytes > 8 && heuristics_word(b->begin) == b->bytes - 8;
}

static bool is_string(uintptr_t offset, const struct block *b)
{
    enum { HEAD = 24 };
    if (offset != HEAD || b->bytes <= HEAD)
        return false;
    uint64_t length = heuristics_word(b->begin);
    uint64_t capacity = heuristics_word(b->begin + 8);
    /* An empty string has no block: so a block of zeros is none. */
    return capacity > 0 && length <= capacity && capacity == b->bytes - HEAD - 1;
}

static bool is_array(uintptr_t offset, const struct block *b)
{
    if (offset != 8 || b->bytes <= 8)
        return false;
    uint64_t n = heuristics_word(b->begin);
    return n > 0 && (b->bytes - 8) % n == 0;
}

enum { VERDICTS = 512 };
static struct verdict {
    uintptr_t address;
    bool is_vtable;
} verdict[VERDICTS];

void heuristics_begin(bool may_fault)
{
    must_copy = may_fault;
    memset(verdict, 0, sizeof verdict);
}

/* A vtable lies in memory that is not writable, and one of its first entries leads to code. */
static bool look_for_vtable(uintptr_t address, const struct maps *maps)
{
    uint64_t entries[2];
    const struct map *map = maps_find(maps, address);
    if (!map || map->writable || !map->readable ||
        sys_peek(entries, (const void *)address, sizeof entries) != sizeof entries)
        return false;
    for (int i = 0; i < 2; i++) {
        const struct map *code = maps_find(maps, entries[i]);
        if (code && code->executable)
            return true;
    }
    return false;
}

static bool is_vtable(uintptr_t address, const struct maps *maps)
{
    if (!address || address % 8 || space_in_cage(address))
        return false;
    struct verdict *v = &verdict[address / 8 % VERDICTS];
    if (v->address != address)
        *v = (struct verdict){address, look_for_vtable(address, maps)};
    return v->is_vtable;
}

static bool is_second_base(uintptr_t offset, const struct block *b, const struct maps *maps)
{
    return maps && offset % 8 == 0 && offset + 8 <= b->bytes &&
           is_vtable(heuristics_word(b->begin), maps) &&
           is_vtable(heuristics_word(b->begin + offset), maps);
}

static bool is_on(enum heuristic h)
{
    return options.heuristics >> h & 1;
}

bool heuristics_is_start(uintptr_t word, const struct block *b, const struct maps *maps)
{
    uintptr_t offset = word - b->begin;
    return (is_on(HEURISTIC_LENGTH64) && has_length(offset, b)) ||
           (is_on(HEURISTIC_STDSTRING) && is_string(offset, b)) ||
           (is_on(HEURISTIC_NEWARRAY) && is_array(offset, b)) ||
           (is_on(HEURISTIC_MULTIPLEINHERITANCE) && is_second_base(offset, b, maps));
}
