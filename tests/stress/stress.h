// SPDX-License-Identifier: MIT
//
// What the stress programs share. Each is run as `PROGRAM SCALE [word...]`: SCALE (percent) says how
// much to do, the word `plant` asks for one lost block, the negative control: a report without it
// means that the checker was blind, not that the program was clean.
//
//   int main(int argc, char **argv)
//   {
//       stress_begin(argc, argv);
//       ...
//       return stress_end();
//   }

#ifndef STRESS_H
#define STRESS_H

#include "leaktest.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

enum { PLANTED_BYTES = 12345, STRESS_THREADS = 8 };

static int stress_scale = 100;
static int stress_argc;
static char **stress_argv;

// Whether `word` is among the arguments.
UNUSED static bool stress_has(const char *word)
{
    for (int i = 2; i < stress_argc; i++)
        if (!strcmp(stress_argv[i], word))
            return true;
    return false;
}

UNUSED static void stress_begin(int argc, char **argv)
{
    stress_argc = argc;
    stress_argv = argv;
    if (argc > 1)
        stress_scale = atoi(argv[1]);
    CHECK(stress_scale > 0);
}

// `n` at 100 percent, at least 1.
UNUSED static long scaled(long n)
{
    long m = n * stress_scale / 100;
    return m > 0 ? m : 1;
}

UNUSED static NOINLINE void plant(void)
{
    if (stress_has("plant"))
        hidden_malloc(PLANTED_BYTES);
}

UNUSED static int stress_end(void)
{
    plant();
    return 0;
}

// --- Random numbers: xorshift, one state a thread ------------------------------------------------

struct dice {
    uint64_t state;
};

UNUSED static inline uint64_t roll(struct dice *d)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return d->state;
}

UNUSED static inline struct dice dice_of(uint64_t seed)
{
    struct dice d = {(seed + 1) * 0x9e3779b97f4a7c15u};
    roll(&d);
    return d;
}

// Mostly small, now and then up to `most`: as programs are.
UNUSED static size_t roll_size(struct dice *d, size_t most)
{
    unsigned bits = (unsigned)(roll(d) % 21);
    size_t n = (size_t)roll(d) & (((size_t)2 << bits) - 1);
    return n % (most + 1);
}

// --- Patterns: a block's contents prove that nobody else wrote to it -------------------------------

// The size and every 64th byte, and the last one, are enough to see an overlap, and cheap.
UNUSED static void fill(void *block, size_t bytes, unsigned char mark)
{
    unsigned char *p = (unsigned char *)block;
    for (size_t i = 0; i < bytes; i += 64)
        p[i] = (unsigned char)(mark + i / 64);
    if (bytes)
        p[bytes - 1] = mark;
}

UNUSED static void verify(const void *block, size_t bytes, unsigned char mark)
{
    const unsigned char *p = (const unsigned char *)block;
    for (size_t i = 0; i + 1 < bytes; i += 64)
        CHECK(p[i] == (unsigned char)(mark + i / 64));
    if (bytes)
        CHECK(p[bytes - 1] == mark);
}

// --- Threads ---------------------------------------------------------------------------------------

UNUSED static pthread_t start(void *(*body)(void *), void *argument)
{
    pthread_t t;
    int error = pthread_create(&t, NULL, body, argument);
    if (error) {
        errno = error;
        CHECK(!"pthread_create");
    }
    return t;
}

// Runs the body `n` times at once, with arguments 0, 1, ..., and waits for all.
UNUSED static void run_threads(int n, void *(*body)(void *))
{
    pthread_t t[64];
    CHECK(n <= 64);
    for (int i = 0; i < n; i++)
        t[i] = start(body, (void *)(intptr_t)i);
    for (int i = 0; i < n; i++)
        CHECK(!pthread_join(t[i], NULL));
}

UNUSED static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// A number of /proc/self/status in bytes, for example "VmRSS:".
UNUSED static size_t status_bytes(const char *field)
{
    char line[256];
    size_t kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    CHECK(f);
    while (fgets(line, sizeof line, f))
        if (!strncmp(line, field, strlen(field)))
            kib = strtoul(line + strlen(field), NULL, 10);
    fclose(f);
    return kib * 1024;
}

#endif
