// SPDX-License-Identifier: MIT
//
// A node of the C library's binary tree, and the key that it holds.
//
// EXPECT: definite ? 1; indirect 12 1

#include "truth.h"

#include <search.h>

static int order(const void *a, const void *b)
{
    return strcmp(a, b);
}

static NOINLINE void lose(void)
{
    void *tree = NULL;
    CHECK(tsearch(strdup("one key only" + 1), &tree, order) != NULL);
    use(tree);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
