// SPDX-License-Identifier: MIT
//
// Many leaks at many sites: sites that differ in the line of a call, ten to the power of the depth.
// For reports that are long.
//
// DRIVER: hostile.py

#include "stress.h"

static NOINLINE void branch(int depth)
{
    if (depth == 0) {
        hidden_malloc(10);
        return;
    }
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
    branch(depth - 1);
    use(NULL);
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    branch(atoi(argv[2]));
    puts("done");
    return 0;
}
