// SPDX-License-Identifier: MIT
//
// What a destructor loses is a leak.
//
// EXPECT: definite 110 1

#include "leaktest.h"

void *kept;

__attribute__((destructor)) static void end(void)
{
    kept = NULL;
}

int main(void)
{
    kept = malloc(110); // LEAK: definite 110 1
    return 0;
}
