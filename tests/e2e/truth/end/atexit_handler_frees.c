// SPDX-License-Identifier: MIT
//
// What main leaves in a global, a handler frees: at the point it is still there.
//
// EXPECT: nothing

#include "truth.h"

static char *root;

static void last(void)
{
    free(root);
    root = NULL;
}

int main(void)
{
    root = malloc(234);
    use(root);
    CHECK(atexit(last) == 0);
    TRUTH_POINT();
    return 0;
}
