// SPDX-License-Identifier: MIT
//
// The program sets environ to a table of its own.
//
// EXPECT: nothing
// KEPT: 1093 2
// GONE: definite 48 1; indirect 1045 1

#include "truth.h"

extern char **environ;

static NOINLINE void fill(void)
{
    char **table = calloc(6, sizeof *table);
    table[0] = malloc(1045);
    strcpy(table[0], "A=1");
    environ = table;
}

int main(void)
{
    char **old = environ;
    int live = getenv("TRUTH_LIVE") != NULL;
    fill();
#ifdef GONE
    environ = old;
#endif
    if (live && leakgc_scan)
        CHECK(leakgc_scan() >= 0);
    use(old);
    return 0;
}
