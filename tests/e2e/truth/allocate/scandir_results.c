// SPDX-License-Identifier: MIT
//
// The list of an empty folder's two names.
//
// EXPECT: definite ? 1; indirect ? 2

#include "truth.h"

#include <dirent.h>

static NOINLINE void lose(void)
{
    struct dirent **names = NULL;
    CHECK(scandir(".", &names, NULL, NULL) == 2);
    use(names);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
