// SPDX-License-Identifier: MIT
//
// A destructor of the executable frees.
//
// EXPECT: nothing

#include "truth.h"

static char *volatile root;

__attribute__((destructor)) static void late(void)
{
    free(root);
    root = NULL;
}

int main(void)
{
    root = malloc(238);
    TRUTH_POINT();
    return 0;
}
