// SPDX-License-Identifier: MIT
//
// memset over a struct clears the pointer, too.
//
// EXPECT: definite 41 1

#include "truth.h"

struct state {
    int number;
    char *name;
};
struct state state;

static NOINLINE void lose(void)
{
    state.name = malloc(41);
    use(&state);
    memset(&state, 0, sizeof state);
    use(&state);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
