// SPDX-License-Identifier: MIT
//
// A program whose file is deleted while it runs: no names, but a report.
//
// EXPECT: definite 109 1

#include "leaktest.h"

static NOINLINE void lose(void)
{
    void *p = malloc(109);
    use(p);
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        CHECK(system("cp /proc/$PPID/exe ./copy") == 0);
        execl("./copy", argv[0], "deleted", (char *)NULL);
    }
    CHECK(unlink("copy") == 0);
    lose();
    return 0;
}
