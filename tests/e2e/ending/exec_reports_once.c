// SPDX-License-Identifier: MIT
//
// A program that replaces itself by exec reports once, at its real end.
//
// EXPECT: definite 50 1

#include "leaktest.h"

static NOINLINE void lose(size_t size)
{
    use(malloc(size)); // LEAK: definite 50 1
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        char *more[] = {argv[0], "again", NULL};
        lose(109);
        execv("/proc/self/exe", more);
        return 1;
    }
    lose(50);
    return 0;
}
