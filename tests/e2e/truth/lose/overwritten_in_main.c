// SPDX-License-Identifier: MIT
//
// The same in main itself, whose frame lives on.
//
// EXPECT: definite 11 1

#include "truth.h"

int main(void)
{
    char *a = malloc(11);
    use(a);
    a = NULL;
    use(a);
    TRUTH_POINT();
    return 0;
}
