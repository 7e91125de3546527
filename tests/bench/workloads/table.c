// SPDX-License-Identifier: MIT
//
// A hash table: chained entries with a key of their own are inserted, found, removed; the table is
// doubled as it fills. 20,000 live entries, random lifetimes.

#include "bench.h"

struct entry {
    struct entry *next;
    char *key;
    uint64_t hash, value;
};

struct table {
    struct entry **buckets;
    uint64_t mask, count;
};

static NOINLINE char *key_new(uint32_t number)
{
    char *key = malloc(24);
    memcpy(key, "key-number-000000000000", 24);
    for (int i = 22; number; number /= 10)
        key[i--] = (char)('0' + number % 10);
    return key;
}

static NOINLINE struct entry **find(const struct table *table, const char *key, uint64_t hash)
{
    struct entry **at = &table->buckets[hash & table->mask];
    while (*at && ((*at)->hash != hash || strcmp((*at)->key, key) != 0))
        at = &(*at)->next;
    return at;
}

static NOINLINE void grow(struct table *table)
{
    struct table larger = {NULL, 2 * table->mask + 1, table->count};
    larger.buckets = calloc(larger.mask + 1, sizeof *larger.buckets);
    for (uint64_t i = 0; i <= table->mask; i++)
        for (struct entry *entry = table->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            struct entry **bucket = &larger.buckets[entry->hash & larger.mask];
            entry->next = *bucket;
            *bucket = entry;
        }
    free(table->buckets);
    *table = larger;
}

static NOINLINE void entry_remove(struct table *table, struct entry **at)
{
    struct entry *entry = *at;
    *at = entry->next;
    free(entry->key);
    free(entry);
    table->count--;
}

static NOINLINE void entry_insert(struct table *table, struct entry **at, char *key, uint64_t hash)
{
    struct entry *entry = malloc(sizeof *entry);
    *entry = (struct entry){*at, key, hash, 1};
    *at = entry;
    if (++table->count > table->mask)
        grow(table);
}

// Inserts what is not there, removes what is.
static NOINLINE uint64_t toggle(struct table *table, uint32_t number)
{
    char *key = key_new(number);
    uint64_t hash = mix(1, number);
    struct entry **at = find(table, key, hash);
    if (*at) {
        entry_remove(table, at);
        free(key);
        return 0;
    }
    entry_insert(table, at, key, hash);
    return hash;
}

static NOINLINE uint64_t work(long size)
{
    struct table table = {calloc(16, sizeof *table.buckets), 15, 0};
    uint64_t sum = 0, random = 31;
    for (long i = 0; i < size; i++)
        sum = mix(sum, toggle(&table, 1 + draw_below(&random, 40000)));
    for (uint64_t i = 0; i <= table.mask; i++)
        while (table.buckets[i])
            entry_remove(&table, &table.buckets[i]);
    free(table.buckets);
    return sum;
}

int main(int argc, char **argv)
{
    return finish(work(size_argument(argc, argv)));
}
