// SPDX-License-Identifier: MIT
//
// A union whose pointer is the current member.
//
// EXPECT: nothing
// KEPT: 1007 1

#include "truth.h"

union {
    double number;
    char *text;
    char bytes[24];
} root;

static NOINLINE void fill(void)
{
    root.number = 2.5;
    root.text = malloc(1007);
    use(&root);
}

int main(void)
{
    fill();
    FORGET(root.text);
    TRUTH_POINT();
    return 0;
}
