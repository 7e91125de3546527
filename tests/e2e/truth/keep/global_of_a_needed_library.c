// SPDX-License-Identifier: MIT
//
// A global of a library that the program is linked with.
//
// EXPECT: nothing
// KEPT: 1011 1
// SOLIB:

#include "truth.h"

#ifdef BUILD_SOLIB
char *library_root;
#else
extern char *library_root;

static NOINLINE void fill(void)
{
    library_root = malloc(1011);
}

int main(void)
{
    fill();
    FORGET(library_root);
    TRUTH_POINT();
    return 0;
}
#endif
