// SPDX-License-Identifier: MIT
//
// The first handler that was registered runs last; it frees what the second one made.
//
// EXPECT: nothing

#include "truth.h"

static char *volatile made;

static void first(void)
{
    free(made);
    made = NULL;
}

static void second(void)
{
    made = malloc(236);
    TRUTH_POINT();
}

int main(void)
{
    CHECK(atexit(first) == 0 && atexit(second) == 0);
    return 0;
}
