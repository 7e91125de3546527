// SPDX-License-Identifier: MIT
//
// A function that runs before main.
//
// EXPECT: definite 42 1

#include "truth.h"

__attribute__((constructor)) static void early(void)
{
    use(malloc(42));
}

int main(void)
{
    TRUTH_POINT();
    return 0;
}
