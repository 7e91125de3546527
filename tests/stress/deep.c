// SPDX-License-Identifier: MIT
//
// Deep recursion with a block at each level, held on the stack only, recorded with stacks of 256
// frames; some threads are still at the bottom when the program ends.
//
// OPTIONS: stack_depth=256

#include "stress.h"

#include <stdatomic.h>

enum { DEPTH = 3000 };

static atomic_int down;

static NOINLINE int descend(int depth, bool stay)
{
    unsigned char *volatile mine = malloc(16 + (size_t)depth % 100);
    CHECK(mine);
    mine[0] = (unsigned char)depth;
    int sum = 0;
    if (depth > 0) {
        sum = descend(depth - 1, stay);
    } else if (stay) {
        atomic_fetch_add(&down, 1);
        for (;;)
            pause();
    }
    CHECK(mine[0] == (unsigned char)depth);
    sum += mine[0];
    free(mine);
    return sum;
}

static void *body(void *number)
{
    for (long i = 0; i < scaled(5); i++)
        descend(DEPTH, false);
    return number;
}

static void *stay(void *unused)
{
    descend(DEPTH, true);
    return unused;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(4, body);
    start(stay, NULL);
    start(stay, NULL);
    while (atomic_load(&down) < 2)
        usleep(1000);
    return stress_end();
}
