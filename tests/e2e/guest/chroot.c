// SPDX-License-Identifier: MIT
//
// After chroot into an empty folder, where there is neither /proc nor our helper.
//
// LOG: allowed
// STATUS: 6
// STDERR-HAS: ^
// STDERR-LACKS: Segmentation|selftest

#include "leaktest.h"

#include <sys/stat.h>

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    CHECK(mkdir("empty", 0700) == 0);
    if (chroot("empty") != 0)
        SKIP("only root may call chroot");
    CHECK(chdir("/") == 0);
    lose();
    return 6;
}
