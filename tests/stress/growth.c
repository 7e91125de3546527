// SPDX-License-Identifier: MIT
//
// realloc chains: vectors that grow by half from one byte to 8 MiB and shrink again, eight threads
// at once, contents checked after every step.

#include "stress.h"

static void check_prefix(const unsigned char *p, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += i < 4096 ? 1 : 509)
        CHECK(p[i] == (unsigned char)(i * 31 >> 3));
}

static void write_range(unsigned char *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        p[i] = (unsigned char)(i * 31 >> 3);
}

static void *body(void *number)
{
    size_t most = (size_t)8 << 20 >> (intptr_t)number % 6;
    for (long round = 0; round < scaled(4); round++) {
        size_t bytes = 1;
        unsigned char *p = malloc(1);
        write_range(p, 0, 1);
        while (bytes < most) {
            size_t more = bytes + bytes / 2 + 1;
            p = realloc(p, more);
            CHECK(p);
            check_prefix(p, bytes);
            write_range(p, bytes, more);
            bytes = more;
        }
        while (bytes > 10) {
            bytes = bytes * 2 / 3;
            p = realloc(p, bytes);
            CHECK(p);
            check_prefix(p, bytes);
        }
        free(p);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(STRESS_THREADS, body);
    return stress_end();
}
