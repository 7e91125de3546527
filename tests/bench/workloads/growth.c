// SPDX-License-Identifier: MIT
//
// Growth by realloc: many texts grow by a few bytes each in turn, to 1 KiB, some doubling their room, some
// asking for exactly what they need; then they are trimmed and dropped.

#include "bench.h"

enum { TEXTS = 64, LONGEST = 1024 };

struct text {
    char *bytes;
    uint32_t length, room;
    int exact;
};

static NOINLINE void make_room(struct text *text, uint32_t needed)
{
    if (needed <= text->room)
        return;
    text->room = text->exact || text->room * 2 < needed ? needed : text->room * 2;
    text->bytes = realloc(text->bytes, text->room);
}

static NOINLINE void append(struct text *text, const char *more, uint32_t bytes)
{
    make_room(text, text->length + bytes);
    memcpy(text->bytes + text->length, more, bytes);
    text->length += bytes;
}

static NOINLINE uint64_t finish_text(struct text *text)
{
    uint32_t half = text->length / 2; // at least 4
    text->bytes = realloc(text->bytes, half);
    uint64_t sum = mix_text(text->length, text->bytes, half < 64 ? half : 64);
    free(text->bytes);
    int exact = text->exact;
    memset(text, 0, sizeof *text);
    text->exact = exact;
    return sum;
}

static NOINLINE uint64_t write_line(struct text *text, uint64_t *random)
{
    static const char line[] =
        "the quick brown fox jumps over the lazy dog, and over the others too";
    append(text, line, 8 + draw_below(random, 40));
    return text->length >= LONGEST ? finish_text(text) : 1;
}

static NOINLINE uint64_t write_all(struct text *texts, uint64_t *random)
{
    uint64_t sum = 0;
    for (int i = 0; i < TEXTS; i++)
        sum = mix(sum, write_line(&texts[i], random));
    return sum;
}

int main(int argc, char **argv)
{
    struct text texts[TEXTS];
    memset(texts, 0, sizeof texts);
    uint64_t sum = 0, random = 29;
    for (int i = 0; i < TEXTS; i++)
        texts[i].exact = i % 2;
    for (long i = size_argument(argc, argv); i > 0; i--)
        sum = mix(sum, write_all(texts, &random));
    for (int i = 0; i < TEXTS; i++)
        sum = mix(sum, texts[i].length ? finish_text(&texts[i]) : 0);
    return finish(sum);
}
