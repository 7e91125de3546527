// SPDX-License-Identifier: MIT
//
// Memory that an allocator of the program's own takes from the break.
//
// EXPECT: nothing
// KEPT: 1042 1

#include "truth.h"

static void **room;

static NOINLINE void fill(void)
{
    char *base = sbrk(0);
    CHECK(sbrk(65536 + 64) == base);
    base += -(uintptr_t)base % 64;
    room = (void **)base;
    room[4000] = malloc(1042);
}

int main(void)
{
    fill();
    FORGET(room[4000]);
    TRUTH_POINT();
    return 0;
}
