// SPDX-License-Identifier: MIT
//
// A field deep inside of a global.
//
// EXPECT: nothing
// KEPT: 1006 1

#include "truth.h"

struct {
    char name[13];
    struct {
        int a;
        struct {
            short b;
            char *pointer;
        } inner;
    } middle;
} root;

static NOINLINE void fill(void)
{
    root.middle.inner.pointer = malloc(1006);
}

int main(void)
{
    fill();
    FORGET(root.middle.inner.pointer);
    TRUTH_POINT();
    return 0;
}
