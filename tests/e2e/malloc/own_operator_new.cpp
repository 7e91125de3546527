// SPDX-License-Identifier: MIT
//
// A program with its own operator new, on top of malloc.
//
// CFLAGS: -O0 | -O2
// EXPECT: definite 100 1

#include "leaktest.h"

#include <new>
#include <string>

static long calls;

void *operator new(std::size_t size)
{
    calls++;
    void *p = malloc(size ? size : 1);
    if (p == nullptr)
        throw std::bad_alloc();
    return p;
}

void operator delete(void *p) noexcept
{
    free(p);
}

void operator delete(void *p, std::size_t) noexcept
{
    free(p);
}

static NOINLINE void lose()
{
    use(::operator new(100));
}

int main()
{
    std::string text(100, 'x');
    lose();
    CHECK(calls == 2);
    return 0;
}
