// SPDX-License-Identifier: MIT
//
// The program replaces operator new for all.
//
// EXPECT: definite 80 1

#include "truth.h"

#include <new>

void *operator new(size_t size)
{
    return malloc(size * 2);
}

void operator delete(void *p) noexcept
{
    free(p);
}

void operator delete(void *p, size_t) noexcept
{
    free(p);
}

struct thing {
    char c[40];
};

static NOINLINE void lose()
{
    thing *t = new thing;
    use(t);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
