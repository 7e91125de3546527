// SPDX-License-Identifier: MIT
//
// exitcode loses nothing of what is still in the buffers of open files.
//
// ENV: LEAKGC_OPTIONS=exitcode=23
// STATUS: 23
// FILE: out.txt
// LOG: allowed
// STDERR-HAS: ^the last line$

#include "leaktest.h"

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    FILE *file = fopen("out.txt", "w");
    for (int i = 0; i < 10000; i++)
        fprintf(file, "line %d\n", i);
    fprintf(file, "the last line");
    lose();
    return 0;
}
