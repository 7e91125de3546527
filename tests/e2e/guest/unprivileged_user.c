// SPDX-License-Identifier: MIT
//
// A program that gives up its privileges: /proc/self then belongs to root.
//
// LOG: allowed
// EXPECT: definite 109 1

#include "leaktest.h"

#include <grp.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    if (getuid() != 0)
        SKIP("needs root to begin with");
    CHECK(setgroups(0, NULL) == 0);
    CHECK(setresgid(65534, 65534, 65534) == 0);
    CHECK(setresuid(65534, 65534, 65534) == 0);
    lose();
    return 0;
}
