// SPDX-License-Identifier: MIT
//
// Allocations in a constructor of a shared object that the program is linked with.
//
// SOLIB:
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

#ifdef BUILD_SOLIB
void *library_kept;

__attribute__((constructor)) static void begin(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
    library_kept = malloc(110);
}
#else
extern void *library_kept;

int main(void)
{
    library_kept = realloc(library_kept, 10000);
    return 0;
}
#endif
