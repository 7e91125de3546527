// SPDX-License-Identifier: MIT
//
// Assembly without unwind information (no_rules.S) between ordinary functions: frames that only RBP
// leads over, and values of RBP that lead nowhere, to unmapped memory, or in a circle.
//
// flags: gcc -O0 | gcc -O2 -fno-omit-frame-pointer | gcc -O2 | clang -O2 -fno-omit-frame-pointer
// captures: 3000

#include "exact.h"

typedef void callback(int);
typedef void through(callback *, int, void *);

#define ALL(_)                                                                                     \
    _(framed)                                                                                      \
    _(framed_empty) _(bare) _(rbp_zero) _(rbp_odd) _(rbp_not_canonical) _(rbp_unmapped)            \
        _(rbp_below) _(rbp_itself) _(rbp_within) _(rbp_beyond)

#define DECLARE(name) extern through name;
ALL(DECLARE)
#define NAME(name) name,
static through *const all[] = {ALL(NAME)};
static volatile int sum;

static NOINLINE void leaf(int n)
{
    touch((size_t)n + 1);
    sum++;
}

static NOINLINE void next(int left)
{
    if (left <= 0) {
        leaf(3);
        touch(20);
        return;
    }
    all[rnd(4) ? rnd(2) : rnd(ARRAY_SIZE(all))](next, left - 1, NULL);
    sum++;
}

// Has an array of varying size, so that its own rules need RBP.
static NOINLINE void needs_rbp(int left)
{
    char room[left * 16 + 1];
    use(room);
    next(left);
    use(room);
}

int main(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(all); i++)
        for (int n = 0; n < 8; n++)
            all[i](leaf, n, NULL);
    for (int i = 0; i < 1000; i++) {
        next(1 + (int)rnd(6));
        needs_rbp(1 + (int)rnd(6));
    }
    return 0;
}
