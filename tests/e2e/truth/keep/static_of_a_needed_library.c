// SPDX-License-Identifier: MIT
//
// A hidden variable of the library, filled by its own function.
//
// EXPECT: nothing
// KEPT: 1012 1
// SOLIB:

#include "truth.h"

#ifdef BUILD_SOLIB
static char *volatile hidden;

void library_fills(size_t size)
{
    free(hidden);
    hidden = size ? malloc(size) : NULL;
}

void library_forgets(void)
{
    hidden = NULL;
}
#else
void library_fills(size_t size);
void library_forgets(void);

static NOINLINE void fill(void)
{
    library_fills(1012);
#ifdef GONE
    library_forgets();
#endif
}

int main(void)
{
    fill();
    TRUTH_POINT();
    return 0;
}
#endif
