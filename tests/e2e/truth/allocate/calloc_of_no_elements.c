// SPDX-License-Identifier: MIT
//
// No elements of eight bytes.
//
// EXPECT: definite 0 1

#include "truth.h"

volatile size_t none = 0;

static NOINLINE void lose(void)
{
    use(calloc(none, 8));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
