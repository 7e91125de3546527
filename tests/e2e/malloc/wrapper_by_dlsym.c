// SPDX-License-Identifier: MIT
//
// A program that has its own malloc in front of the next one, found by dlsym (as profilers do).
//
// EXPECT: definite 123 1

#include "leaktest.h"

#include <dlfcn.h>

static int calls;

void *malloc(size_t size)
{
    static void *(*next)(size_t);
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "malloc");
    calls++;
    void *p = next(size);
    use(p);
    return p;
}

static NOINLINE void lose(void)
{
    use(malloc(123));
}

int main(void)
{
    void *p = malloc(10);
    use(p);
    free(p);
    lose();
    CHECK(calls >= 2);
    return 0;
}
