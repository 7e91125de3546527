// SPDX-License-Identifier: MIT
//
// The same with a stack of malloc: a freed block keeps nothing.
//
// EXPECT: definite 112 1

#include "truth.h"

#include <ucontext.h>

static ucontext_t outside, inside;

static void body(void)
{
    void *volatile local = malloc(112);
    use(local);
    swapcontext(&inside, &outside);
    free(local);
}

static NOINLINE void lose(void)
{
    CHECK(getcontext(&inside) == 0);
    char *stack = malloc(65536);
    inside.uc_stack.ss_sp = stack;
    inside.uc_stack.ss_size = 65536;
    makecontext(&inside, body, 0);
    swapcontext(&outside, &inside);
    free(stack);
    memset(&inside, 0, sizeof inside);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
