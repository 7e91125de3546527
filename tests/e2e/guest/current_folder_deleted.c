// SPDX-License-Identifier: MIT
//
// The current folder is deleted while the program is in it.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <sys/stat.h>

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    CHECK(mkdir("gone", 0700) == 0 && chdir("gone") == 0 && rmdir("../gone") == 0);
    lose();
    return 0;
}
