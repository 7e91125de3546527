// SPDX-License-Identifier: MIT
//
// Functions whose frame size is known at run time only (alloca), or whose stack is realigned.
//
// CFLAGS: -O0 | -O2 | -O2 -mstackrealign
// EXPECT: definite 109 1
// STDERR-HAS: #0 0x\.\. in lose {FILE}:{@malloc}\n    #1 0x\.\. in variable {FILE}:{@variable}\n    #2 0x\.\. in aligned {FILE}:{@aligned}\n    #3 0x\.\. in main {FILE}

#include "leaktest.h"

#include <alloca.h>

static NOINLINE void lose(void)
{
    void *p = malloc(109); // @malloc
    use(p);
}

static NOINLINE void variable(size_t size)
{
    char *room = alloca(size);
    use(room);
    lose(); // @variable
    use(room);
}

static NOINLINE void aligned(size_t size)
{
    _Alignas(256) char room[256];
    use(room);
    variable(size); // @aligned
    use(room);
}

int main(int argc, char **argv)
{
    (void)argv;
    aligned((size_t)argc * 1000);
    return 0;
}
