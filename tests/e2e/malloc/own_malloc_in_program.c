// SPDX-License-Identifier: MIT
//
// A program that brings its own malloc, linked into it: the library can't see its blocks, says so in
// one line, and does not claim that there were no leaks.
//
// PLAIN: no
// STATUS: 0
// ENV: LEAKGC_OPTIONS=verbose=1
// STDERR-HAS: ^==PID==leakgc: .*malloc
// STDERR-LACKS: no leaks

#include <stddef.h>
#include <string.h>

static _Alignas(16) char pool[1 << 20];
static size_t used;

void *malloc(size_t size)
{
    size_t begin = used + 16;
    used = (begin + size + 15) & ~(size_t)15;
    if (used > sizeof pool)
        return NULL;
    memcpy(pool + begin - 16, &size, sizeof size);
    return pool + begin;
}

void free(void *p)
{
    (void)p;
}

void *calloc(size_t count, size_t size)
{
    return malloc(count * size);
}

void *realloc(void *p, size_t size)
{
    size_t old = 0;
    void *q = malloc(size);
    if (p != NULL && q != NULL) {
        memcpy(&old, (char *)p - 16, sizeof old);
        memcpy(q, p, old < size ? old : size);
    }
    return q;
}

int main(void)
{
    char *volatile p = malloc(100);
    p = NULL;
    return p != NULL;
}
