/* SPDX-License-Identifier: MIT
 *
 * Reads a report file again and again, each time broken in another way, and writes it in each format; compiled
 * with the command's own sources and the sanitizers, which end it at the first wrong access.
 *
 *   lgc FILE SEED SECONDS
 *
 * What is broken: bits and bytes, the end is missing, parts are doubled or left out; in half of the rounds the
 * checksums are made right again afterwards, so that the damage reaches the records. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/crc32.h"
#include "../../tools/format.h"
#include "../../tools/lgc.h"

enum { HEADER = 16, ROOM = 1 << 20 };

static uint64_t state;

/* Marsaglia's xorshift. */
static size_t pick(size_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? (size_t)(state % below) : 0;
}

static uint32_t load32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static void store32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

/* As far as the lengths lead. */
static void repair(uint8_t *file, size_t bytes)
{
    if (bytes < HEADER)
        return;
    store32(file + 12, crc32_of(file, 12));
    for (size_t at = HEADER; bytes - at >= HEADER;) {
        size_t payload = load32(file + at + 4);
        if (payload > bytes - at - HEADER) {
            payload = bytes - at - HEADER;
            store32(file + at + 4, (uint32_t)payload);
        }
        store32(file + at + 8, crc32_of(file + at + HEADER, payload));
        store32(file + at + 12, crc32_of(file + at, 12));
        at += HEADER + payload;
    }
}

static size_t spoil(uint8_t *file, size_t bytes)
{
    static const uint8_t odd[] = {0, 1, 0x7f, 0x80, 0xff, 0xfe};
    size_t at = pick(bytes), count = 1 + pick(24);
    count = count < bytes - at ? count : bytes - at;
    switch (pick(6)) {
    case 0:
        file[at] ^= (uint8_t)(1u << pick(8));
        break;
    case 1:
        file[at] = odd[pick(sizeof odd)];
        break;
    case 2:
        memset(file + at, odd[pick(sizeof odd)], count);
        break;
    case 3:
        return pick(8) ? bytes : at;
    case 4:
        memmove(file + at, file + at + count, bytes - at - count);
        return bytes - count;
    default:
        memmove(file + at + count, file + at, bytes - at);
        return bytes + count;
    }
    return bytes;
}

static void show(const uint8_t *file, size_t bytes, FILE *nowhere)
{
    /* In a block of its own, so that its end is watched. */
    uint8_t *copy = malloc(bytes ? bytes : 1);
    struct model m;
    memcpy(copy, file, bytes);
    if (lgc_parse(copy, bytes, &m) == 0) {
        model_select(&m, &m.filter);
        model_sign(&m);
        char names[256], *rest = names;
        snprintf(names, sizeof names, "%s", format_names());
        for (char *name; (name = strsep(&rest, ", "));)
            if (*name)
                format_find(name)->write(&m, nowhere, &(struct format_options){.details = true});
    }
    model_done(&m);
    free(copy);
}

int main(int argc, char **argv)
{
    static uint8_t whole[ROOM], file[2 * ROOM];
    FILE *in = argc == 4 ? fopen(argv[1], "rb") : NULL;
    FILE *nowhere = fopen("/dev/null", "w");
    if (!in || !nowhere)
        return 2;
    size_t whole_bytes = fread(whole, 1, sizeof whole, in);
    fclose(in);
    state = strtoull(argv[2], NULL, 10) * 0x9e3779b97f4a7c15u + 1;
    clock_t end = clock() + (clock_t)(atof(argv[3]) * CLOCKS_PER_SEC);
    size_t rounds = 0;
    do {
        size_t bytes = whole_bytes;
        memcpy(file, whole, bytes);
        for (size_t i = 1 + pick(8); i > 0 && bytes > 0; i--)
            bytes = spoil(file, bytes);
        if (pick(2))
            repair(file, bytes);
        show(file, bytes, nowhere);
        rounds++;
    } while (clock() < end);
    printf("%zu\n", rounds);
    return 0;
}
