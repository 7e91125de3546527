// SPDX-License-Identifier: MIT
//
// A second registration takes the place of the first.
//
// EXPECT: definite 103 1
// KEPT: 104 1

#include "truth.h"

static void *registered;

static NOINLINE void on_event(void *context)
{
    registered = context;
    use(&registered);
}

static NOINLINE void lose(void)
{
    on_event(malloc(103));
    on_event(malloc(104));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
