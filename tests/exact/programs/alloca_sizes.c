// SPDX-License-Identifier: MIT
//
// Frames of varying size: alloca and variable-length arrays, alone, nested, and in a loop with a
// fixed-size caller between them.
//
// flags: gcc -O0 | gcc -O1 | gcc -O2 | gcc -Os | gcc -O2 -fstack-clash-protection -fstack-protector-strong
// flags: clang -O0 | clang -O2 | clang -O2 -fno-omit-frame-pointer
// captures: 5000
// uses: cached>10 joined>10 libunwind=0

#include "exact.h"

#include <alloca.h>

static NOINLINE void leaf(size_t size)
{
    touch(size);
    ENDS;
}

static NOINLINE void with_alloca(size_t size)
{
    char *room = alloca(size);
    use(room);
    leaf(size);
    touch(size + 1);
    use(room);
}

static NOINLINE void with_array(size_t size)
{
    for (size_t i = 0; i < 3; i++) {
        char room[size + i * 100];
        use(room);
        with_alloca(size / 2 + 1);
        touch(i + 1);
        use(room);
    }
}

static NOINLINE void fixed(size_t size, int deep)
{
    volatile char room[64];
    room[0] = 1;
    if (deep > 0) {
        char *more = alloca(size % 77 + 1);
        use(more);
        fixed(size, deep - 1);
        use(more);
    } else {
        with_array(size);
    }
    ENDS;
}

int main(void)
{
    for (int i = 0; i < 1500; i++)
        fixed(1 + rnd(3000), (int)rnd(6));
    return 0;
}
