// SPDX-License-Identifier: MIT
//
// children=0 also covers the children's children, through a shell.
//
// ENV: LEAKGC_OPTIONS=children=0
// EXPECT: definite 109 1

#include "leaktest.h"

static NOINLINE void lose(size_t size)
{
    use(malloc(size));
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        lose(50);
        return 0;
    }
    char command[4096];
    lose(109);
    snprintf(command, sizeof command, "'%s' child; '%s' child", argv[0], argv[0]);
    CHECK(system(command) == 0);
    return 0;
}
