// SPDX-License-Identifier: MIT
//
// What the old program had lost goes with it; the new one is clean.
//
// EXPECT: nothing
// LIVE: nothing
// LIVE: definite 247 1

#include "truth.h"

static NOINLINE void lose(void)
{
    use(malloc(247));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc == 2) {
        TRUTH_POINT();
        return 0;
    }
    lose();
    TRUTH_POINT();
    execl("/proc/self/exe", "again", "second", NULL);
    return 1;
}
