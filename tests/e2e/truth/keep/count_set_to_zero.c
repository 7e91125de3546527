// SPDX-License-Identifier: MIT
//
// A list is emptied by its count only: the pointers are still in the array, and the array is known.
//
// EXPECT: nothing
// KEPT: 324 5
// GONE: definite 64 1; indirect 260 4

#include "truth.h"

struct stack {
    long count;
    char *item[7];
};
struct stack *stack;

static NOINLINE void fill(void)
{
    stack = calloc(1, sizeof *stack);
    for (int i = 0; i < 4; i++)
        stack->item[stack->count++] = malloc(65);
    use(stack);
    stack->count = 0;
}

int main(void)
{
    fill();
    FORGET(stack);
    TRUTH_POINT();
    return 0;
}
