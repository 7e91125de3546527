// SPDX-License-Identifier: MIT
//
// A pointer far down in the dead part of the stack, from a recursion that is over.
//
// EXPECT: definite 1009 1

#include "leaktest.h"

static NOINLINE void descend(int n)
{
    volatile char room[200];
    room[0] = 1;
    if (n > 0) {
        descend(n - 1);
    } else {
        void *volatile local = malloc(1009); // LEAK: definite 1009 1
        (void)local;
    }
    room[1] = 2;
}

int main(void)
{
    descend(500);
    puts("done");
    exit(0);
}
