// SPDX-License-Identifier: MIT
//
// The second new fails, and the first one's block is lost.
//
// EXPECT: definite 48 1

#include "truth.h"

#include <new>

volatile size_t too_much = SIZE_MAX / 4;

static NOINLINE void work()
{
    char *a = new char[48];
    use(a);
    char *b = new char[too_much];
    use(b);
    delete[] b;
    delete[] a;
}

static NOINLINE void lose()
{
    try {
        work();
    } catch (const std::bad_alloc &) {
    }
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
