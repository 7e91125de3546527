// SPDX-License-Identifier: MIT
//
// _Thread_local, the standard's word.
//
// EXPECT: nothing
// KEPT: 1018 1

#include "truth.h"

static _Thread_local struct {
    long number;
    char *volatile text;
} mine;

static NOINLINE void fill(void)
{
    mine.text = malloc(1018);
}

int main(void)
{
    fill();
    FORGET(mine.text);
    TRUTH_POINT();
    return 0;
}
