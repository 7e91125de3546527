// SPDX-License-Identifier: MIT
//
// The library that the program is linked with allocates.
//
// EXPECT: definite 43 1
// SOLIB:

#include "truth.h"

#ifdef BUILD_SOLIB
void *library_makes(void)
{
    return malloc(43);
}
#else
void *library_makes(void);

static NOINLINE void lose(void)
{
    use(library_makes());
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
#endif
