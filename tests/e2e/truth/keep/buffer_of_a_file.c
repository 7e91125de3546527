// SPDX-License-Identifier: MIT
//
// A buffer that the program gave to a FILE.
//
// EXPECT: nothing
// KEPT: 1046 1

#include "truth.h"

static FILE *file;

static NOINLINE void fill(void)
{
    file = fopen("data", "w");
    CHECK(setvbuf(file, malloc(1046), _IOFBF, 1046) == 0);
    fputs("text", file);
}

int main(void)
{
    fill();
#ifdef GONE
    fclose(file);
#endif
    TRUTH_POINT();
    return 0;
}
