// SPDX-License-Identifier: MIT
//
// Eight threads allocate, resize and free blocks of 0 bytes to 1 MiB at random, each block filled
// with a pattern that is checked before it is freed or resized.

#include "stress.h"

#include <malloc.h>

enum { PLACES = 256 };

struct place {
    void *block;
    size_t bytes;
    unsigned char mark;
};

static void put(struct place *at, struct dice *d)
{
    *at = (struct place){.bytes = roll_size(d, 1 << 20), .mark = (unsigned char)roll(d)};
    at->block = roll(d) & 1 ? malloc(at->bytes) : calloc(1, at->bytes);
    CHECK(at->block);
    CHECK(((uintptr_t)at->block & 15) == 0);
    CHECK(malloc_usable_size(at->block) == at->bytes);
    fill(at->block, at->bytes, at->mark);
}

static void take(struct place *at)
{
    verify(at->block, at->bytes, at->mark);
    free(at->block);
    at->block = NULL;
}

static void resize(struct place *at, struct dice *d)
{
    size_t bytes = roll_size(d, 1 << 20) + 1;
    size_t kept = bytes < at->bytes ? bytes : at->bytes;
    verify(at->block, at->bytes, at->mark);
    unsigned char *p = realloc(at->block, bytes);
    CHECK(p);
    for (size_t i = 0; i + 1 < kept; i += 64)
        CHECK(p[i] == (unsigned char)(at->mark + i / 64));
    at->block = p;
    at->bytes = bytes;
    fill(p, bytes, at->mark);
}

static void *body(void *number)
{
    struct place places[PLACES] = {0};
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    for (long i = 0; i < scaled(20000); i++) {
        struct place *at = &places[roll(&d) % PLACES];
        if (!at->block)
            put(at, &d);
        else if (roll(&d) % 4 == 0)
            resize(at, &d);
        else
            take(at);
    }
    for (int i = 0; i < PLACES; i++)
        if (places[i].block)
            take(&places[i]);
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(STRESS_THREADS, body);
    return stress_end();
}
