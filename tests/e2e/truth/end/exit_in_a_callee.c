// SPDX-License-Identifier: MIT
//
// exit is called ten functions deep.
//
// EXPECT: definite 206 1
// STATUS: 3

#include "truth.h"

static NOINLINE int descend(int level)
{
    if (level == 0) {
        TRUTH_POINT();
        exit(3);
    }
    return descend(level - 1) + 1;
}

static NOINLINE void lose(void)
{
    use(malloc(206));
}

int main(void)
{
    lose();
    return descend(10);
}
