// SPDX-License-Identifier: MIT
//
// A type that must stand at a multiple of 64 has its own operator new.
//
// EXPECT: definite 128 1

#include "truth.h"

struct alignas(64) wide {
    char c[128];
};

static NOINLINE void lose()
{
    wide *w = new wide;
    CHECK((uintptr_t)w % 64 == 0);
    use(w);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
