// SPDX-License-Identifier: MIT
//
// Each function that allocates, from the same few heights: which of them was called must not matter to
// what the stack is.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer -fno-plt | clang -O2
// captures: 5000

#include "exact.h"

#include <wchar.h>

static volatile int sum;

static NOINLINE void *one(unsigned kind, size_t n, void *old)
{
    void *p = NULL;
    switch (kind) {
    case 0:
        free(old);
        p = malloc(n);
        break;
    case 1:
        free(old);
        p = calloc(n, 2);
        break;
    case 2:
        p = realloc(old, n);
        break;
    case 3:
        p = reallocarray(old, n, 3);
        break;
    case 4:
        free(old);
        p = memalign(256, n);
        break;
    case 5:
        free(old);
        p = aligned_alloc(64, n * 64);
        break;
    case 6:
        free(old);
        CHECK(!posix_memalign(&p, 4096, n));
        break;
    case 7:
        free(old);
        p = valloc(n);
        break;
    case 8:
        free(old);
        p = strndup("a text to copy", n % 14);
        break;
    default:
        free(old);
        p = wcsdup(L"a wide text");
    }
    sum++;
    use(p);
    return p;
}

static NOINLINE void *deep(int left, unsigned kind, void *old)
{
    void *p = left ? deep(left - 1, kind, old) : one(kind, rnd(500) + 1, old);
    sum++;
    return p;
}

int main(void)
{
    void *p = NULL;
    for (int i = 0; i < 5000; i++)
        p = deep((int)rnd(4), rnd(10), p);
    p = realloc(p, 3 << 20);
    p = realloc(p, 9 << 20);
    free(p);
    return 0;
}
