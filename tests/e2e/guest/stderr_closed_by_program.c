// SPDX-License-Identifier: MIT
//
// A program that closes stderr: no report can be told, and its status stays.
//
// STATUS: 6
// EXPECT: no report

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    lose();
    close(2);
    return 6;
}
