/* SPDX-License-Identifier: MIT
 *
 * Owns the writer of call frame information (frames.h). An independent description of the format:
 * Linux Standard Base Core, chapter 10.6. */
#include "frames.h"

#include <sys/mman.h>

#include "../../preload/eh_frame.h"
#include "unit.h"

enum { AREA = 2 * FRAMES_BYTES };

/* The page behind the image; the image is built for the address at which it will lie. */
static uintptr_t edge(void)
{
    static uint8_t *map;
    if (!map) {
        map = (uint8_t *)unit_map(AREA + 2 * 4096);
        REQUIRE(!mprotect(map, 4096, PROT_NONE) && !mprotect(map + 4096 + AREA, 4096, PROT_NONE));
    }
    return (uintptr_t)map + 4096 + AREA;
}

struct frames frames_new(void)
{
    static const uint8_t initial[] = {I_DEF_CFA, R_SP, 8, I_OFFSET | R_RA, 1};
    return (struct frames){.version = 1,
                           .augmentation = "zR",
                           .encoding = 0x1b,
                           .personality = 0x9b,
                           .code_align = 1,
                           .data_align = 0x78,
                           .return_column = R_RA,
                           .header_version = 1,
                           .frame_encoding = 0x1b,
                           .count_encoding = 0x03,
                           .table_encoding = 0x3b,
                           .initial = initial,
                           .initial_bytes = sizeof initial};
}

void frames_add(struct frames *f, size_t from, size_t to, const uint8_t *program, size_t bytes)
{
    REQUIRE(f->count < FRAMES_MOST);
    f->function[f->count].from = from;
    f->function[f->count].to = to;
    f->function[f->count].program = program;
    f->function[f->count++].bytes = bytes;
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void put(struct frames *f, uint64_t value, size_t bytes)
{
    REQUIRE(f->bytes + bytes <= FRAMES_BYTES);
    memcpy(f->image + f->bytes, &value, bytes);
    f->bytes += bytes;
}

static void put_uleb(struct frames *f, uint64_t value)
{
    do
        put(f, (value & 0x7f) | (value > 0x7f ? 0x80 : 0), 1);
    while (value >>= 7);
}

static void put_sleb(struct frames *f, int64_t value)
{
    for (;;) {
        uint8_t byte = value & 0x7f;
        value >>= 7;
        bool last = (value == 0 && !(byte & 0x40)) || (value == -1 && byte & 0x40);
        put(f, byte | (last ? 0 : 0x80), 1);
        if (last)
            return;
    }
}

static void put_encoded(struct frames *f, uint8_t encoding, uint64_t value)
{
    if ((encoding & 0x70) == 0x10)
        value -= f->begin + f->bytes;
    switch (encoding & 0x0f) {
    case 1:
        put_uleb(f, value);
        break;
    case 2:
    case 0xa:
        put(f, value, 2);
        break;
    case 3:
    case 0xb:
        put(f, value, 4);
        break;
    case 9:
        put_sleb(f, (int64_t)value);
        break;
    default:
        put(f, value, 8);
    }
}

/* The length field of an entry; close_entry fills it in, with what the padding adds. */
static size_t open_entry(struct frames *f)
{
    if (f->long_lengths) {
        put(f, 0xffffffff, 4);
        put(f, 0, 8);
    } else {
        put(f, 0, 4);
    }
    return f->bytes;
}

static void close_entry(struct frames *f, size_t body)
{
    while (f->bytes % 4)
        put(f, I_NOP, 1);
    uint64_t length = f->bytes - body;
    memcpy(f->image + body - (f->long_lengths ? 8 : 4), &length, f->long_lengths ? 8 : 4);
}

static void put_bytes(struct frames *f, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(f, bytes[i], 1);
}

static void put_augmentation(struct frames *f)
{
    size_t at = f->bytes;
    put(f, 0, 1);
    for (const char *a = f->augmentation + 1; *a; a++) {
        if (*a == 'R')
            put(f, f->encoding, 1);
        else if (*a == 'L')
            put(f, 0x1b, 1);
        else if (*a == 'P') {
            put(f, f->personality, 1);
            put_encoded(f, f->personality, 0x1234);
        } else if (*a == '?') /* of the future: some data */
            put(f, 0xffff, 2);
    }
    f->image[at] = (uint8_t)(f->bytes - at - 1);
}

static void put_common(struct frames *f)
{
    size_t body = open_entry(f);
    put(f, 0, 4);
    put(f, f->version, 1);
    put_bytes(f, (const uint8_t *)f->augmentation, strlen(f->augmentation) + 1);
    put_uleb(f, f->code_align);
    put(f, f->data_align, 1);
    if (f->version == 1)
        put(f, f->return_column, 1);
    else
        put_uleb(f, f->return_column);
    if (*f->augmentation == 'z')
        put_augmentation(f);
    put_bytes(f, f->initial, f->initial_bytes);
    close_entry(f, body);
}

static void put_function(struct frames *f, unsigned i, size_t common)
{
    bool has_encoding = strchr(f->augmentation, 'R') != NULL;
    uint8_t encoding = has_encoding ? f->encoding : 0;
    size_t body = open_entry(f);
    put(f, f->bytes - common, 4);
    put_encoded(f, encoding, f->text + f->function[i].from);
    put_encoded(f, encoding & 0x0f, f->function[i].to - f->function[i].from);
    if (*f->augmentation == 'z') {
        bool has_data = strchr(f->augmentation, 'L') != NULL;
        put(f, has_data ? 4 : 0, 1);
        put(f, 0x01010101, has_data ? 4 : 0);
    }
    put_bytes(f, f->function[i].program, f->function[i].bytes);
    close_entry(f, body);
}

static void write_all(struct frames *f, uintptr_t begin)
{
    size_t entry[FRAMES_MOST] = {0};
    f->begin = begin;
    f->text = begin + FRAMES_TEXT;
    f->bytes = 0;
    put(f, f->header_version, 1);
    put(f, f->frame_encoding, 1);
    put(f, f->count_encoding, 1);
    put(f, f->table_encoding, 1);
    put_encoded(f, f->frame_encoding, begin);
    put_encoded(f, f->count_encoding, f->count + f->count_said);
    size_t table = f->bytes;
    f->bytes += f->count * 8;
    while (f->bytes % 4)
        f->bytes++;
    size_t common = f->bytes;
    put_common(f);
    for (unsigned i = 0; i < f->count; i++) {
        entry[i] = f->bytes;
        put_function(f, i, common);
    }
    put(f, 0, 4);
    for (unsigned i = 0; i < f->count; i++) {
        int32_t pair[2] = {FRAMES_TEXT + (int32_t)f->function[i].from, (int32_t)entry[i]};
        memcpy(f->image + table + i * 8, pair, sizeof pair);
    }
}

void frames_build(struct frames *f)
{
    write_all(f, edge() - FRAMES_BYTES);
    write_all(f, edge() - f->bytes); /* now that its length is known */
    frames_place(f, f->bytes);
}

void frames_place(struct frames *f, size_t most)
{
    f->end = edge();
    f->begin = f->end - most;
    f->text = f->begin + FRAMES_TEXT;
    memcpy((void *)f->begin, f->image, most);
}

struct rule frames_rule(const struct frames *f, size_t offset)
{
    return eh_frame_rule(f->begin, f->begin, f->end, f->text + offset);
}
