// SPDX-License-Identifier: MIT
//
// A gigabyte of small blocks is allocated and freed: the resident set falls below a quarter of its
// peak. By the thread that allocated them, and by another one.
//
// ARGS: same | other

#include "stress.h"

enum { KEPT_MOST = 160 << 20 }; /* at smaller scales: what may be kept for reuse */

static void **block;
static size_t count;

/* Frees of other threads come back to the owner when it allocates again. */
static void go_on_a_little(void)
{
    for (size_t i = 0; i < 20000; i++)
        free(malloc(200 + i % 1000));
}

static void *free_all(void *unused)
{
    for (size_t i = 0; i < count; i++)
        free(block[i]);
    return unused;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    struct dice d = dice_of(1);
    size_t bytes = 0;
    size_t most = (size_t)scaled(1 << 20) << 10;
    block = calloc(most / 256, sizeof *block);
    CHECK(block);
    while (bytes < most) {
        size_t n = 200 + roll(&d) % 3000;
        unsigned char *p = malloc(n);
        CHECK(p);
        memset(p, 1, n);
        block[count++] = p;
        bytes += n;
    }
    size_t peak = status_bytes("VmRSS:");
    if (stress_has("other"))
        run_threads(1, free_all);
    else
        free_all(NULL);
    go_on_a_little();
    free(block);
    block = NULL;
    size_t after = status_bytes("VmRSS:");
    if (after >= peak / 4 && after >= KEPT_MOST)
        dprintf(2, "resident: peak %zu MiB, after freeing %zu MiB\n", peak >> 20, after >> 20);
    CHECK(peak > most * 9 / 10);
    CHECK(after < peak / 4 || after < KEPT_MOST);
    return stress_end();
}
