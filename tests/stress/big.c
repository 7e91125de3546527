// SPDX-License-Identifier: MIT
//
// Blocks of 64 KiB to 256 MiB from four threads, one byte touched in each 64 KiB: spans of the cage
// are cut, merged, grown and trimmed in all orders.

#include "stress.h"

#include <malloc.h>

enum { STEP = 65536, PLACES = 12 };

static void touch(unsigned char *p, size_t from, size_t to, unsigned char mark)
{
    for (size_t i = from; i < to; i += STEP)
        p[i] = mark;
    p[to - 1] = mark;
}

static void check(const unsigned char *p, size_t bytes, unsigned char mark)
{
    for (size_t i = 0; i + 1 < bytes; i += STEP)
        CHECK(p[i] == mark);
}

static void *body(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    unsigned char *block[PLACES] = {0};
    size_t bytes[PLACES] = {0};
    unsigned char mark = (unsigned char)((intptr_t)number + 1);
    for (long i = 0; i < scaled(200); i++) {
        size_t at = roll(&d) % PLACES;
        size_t want = ((size_t)STEP << (roll(&d) % 13)) - roll(&d) % 3000;
        want = at ? want % ((size_t)16 << 20) + STEP : want;
        if (block[at])
            check(block[at], bytes[at], mark);
        if (!block[at]) {
            block[at] = malloc(want);
        } else if (roll(&d) & 1) {
            block[at] = realloc(block[at], want);
            CHECK(block[at]);
            check(block[at], want < bytes[at] ? want : bytes[at], mark);
        } else {
            free(block[at]);
            block[at] = calloc(1, want);
            CHECK(block[at] && block[at][0] == 0 && block[at][want - 1] == 0);
            CHECK(block[at][want / 2 / STEP * STEP] == 0);
        }
        CHECK(block[at] && malloc_usable_size(block[at]) == want);
        bytes[at] = want;
        touch(block[at], 0, want, mark);
    }
    for (int i = 0; i < PLACES; i++)
        free(block[i]);
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(4, body);
    return stress_end();
}
