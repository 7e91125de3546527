// SPDX-License-Identifier: MIT
//
// The same with a stack of malloc, which the context keeps.
//
// EXPECT: nothing
// KEPT: 66570 2
// GONE: definite 1034 1

#include "truth.h"

#include <ucontext.h>

static ucontext_t outside, inside;

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1034);
    FORGET(*place);
}

static void body(void)
{
    void *volatile local[4] = {0};
    fill(&local[1]);
    clobber();
    swapcontext(&inside, &outside);
    use((void *)local);
}

int main(void)
{
    CHECK(getcontext(&inside) == 0);
    inside.uc_stack.ss_sp = malloc(65536);
    inside.uc_stack.ss_size = 65536;
    makecontext(&inside, body, 0);
    CHECK(swapcontext(&outside, &inside) == 0);
    TRUTH_POINT();
    return 0;
}
