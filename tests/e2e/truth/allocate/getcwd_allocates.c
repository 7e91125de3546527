// SPDX-License-Identifier: MIT
//
// getcwd without a buffer makes one of the size that was asked for.
//
// EXPECT: definite 3000 1

#include "truth.h"

static NOINLINE void lose(void)
{
    char *folder = getcwd(NULL, 3000);
    CHECK(folder != NULL);
    use(folder);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
