// SPDX-License-Identifier: MIT
//
// Without address space randomization.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <sys/personality.h>

void *kept;

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        if (personality(ADDR_NO_RANDOMIZE) == -1)
            SKIP("personality is forbidden here");
        execl("/proc/self/exe", argv[0], "again", (char *)NULL);
    }
    kept = malloc(110);
    lose();
    return 0;
}
