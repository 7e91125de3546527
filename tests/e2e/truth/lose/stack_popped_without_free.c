// SPDX-License-Identifier: MIT
//
// A stack of pointers: pop clears the place and drops the pointer.
//
// EXPECT: definite 168 3
// KEPT: 112 2

#include "truth.h"

static char *stack[8];
static int top;

static NOINLINE void push(void)
{
    stack[top++] = malloc(56);
    use(stack);
}

static NOINLINE void pop(void)
{
    stack[--top] = NULL;
    use(stack);
}

static NOINLINE void lose(void)
{
    for (int i = 0; i < 5; i++)
        push();
    for (int i = 0; i < 3; i++)
        pop();
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
