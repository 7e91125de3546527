// SPDX-License-Identifier: MIT
//
// What an atexit handler frees is no leak.
//
// EXPECT: nothing

#include "leaktest.h"

static uintptr_t hidden;

static void end(void)
{
    free(reveal(hidden));
}

int main(void)
{
    CHECK(atexit(end) == 0);
    hidden = hidden_malloc(110);
    return 0;
}
