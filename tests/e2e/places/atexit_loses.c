// SPDX-License-Identifier: MIT
//
// What an atexit handler allocates and loses is a leak, and so is what it loses of others.
//
// EXPECT: definite 219 2

#include "leaktest.h"

void *kept;

static void end(void)
{
    use(malloc(109)); // LEAK: definite 109 1
    kept = NULL;
}

int main(void)
{
    CHECK(atexit(end) == 0);
    kept = malloc(110); // LEAK: definite 110 1
    return 0;
}
