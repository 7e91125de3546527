// SPDX-License-Identifier: MIT
//
// Calls that became jumps: the frame of the jumping function is gone, also when it jumps to malloc
// itself, and the same place on the stack then belongs to another function.
//
// flags: gcc -O2 | gcc -O2 -fno-plt | gcc -Os | gcc -O2 -fno-omit-frame-pointer | clang -O2
// captures: 3000
// uses: cached>100

#include "exact.h"

NOINLINE void *get(size_t n)
{
    return malloc(n); // a jump
}

NOINLINE void *get_zeroed(size_t n)
{
    return calloc(n, 1);
}

NOINLINE void *either(size_t n)
{
    return n & 1 ? get(n) : get_zeroed(n);
}

NOINLINE void *after_own_frame(size_t n)
{
    char room[100];
    use(room);
    free(get(n));
    return either(n);
}

NOINLINE void *chain(int left, size_t n)
{
    if (left & 1)
        return after_own_frame(n);
    return left ? chain(left - 2, n) : either(n);
}

static NOINLINE void drop(void *p)
{
    use(p);
    free(p);
}

int main(void)
{
    for (int i = 0; i < 1000; i++) {
        size_t n = rnd(100) + 1;
        drop(get(n));
        drop(either(n));
        drop(chain((int)rnd(5), n));
    }
    return 0;
}
