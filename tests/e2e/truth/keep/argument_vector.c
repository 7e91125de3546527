// SPDX-License-Identifier: MIT
//
// The program writes a pointer into its own argument vector, above the stack.
//
// EXPECT: nothing
// KEPT: 1043 1

#include "truth.h"

static NOINLINE void fill(char **argv)
{
    argv[0] = malloc(1043);
    strcpy(argv[0], "name");
    FORGET(argv[0]);
}

int main(int argc, char **argv)
{
    CHECK(argc == 1);
    fill(argv);
    TRUTH_POINT();
    return 0;
}
