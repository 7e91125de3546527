// SPDX-License-Identifier: MIT
//
// The library's own destructor frees what it had made for the program.
//
// EXPECT: nothing
// SOLIB:

#include "truth.h"

#ifdef BUILD_SOLIB
static char *volatile made;

void library_starts(void)
{
    made = malloc(241);
}

__attribute__((destructor)) static void late(void)
{
    free(made);
    made = NULL;
}
#else
void library_starts(void);

int main(void)
{
    library_starts();
    TRUTH_POINT();
    return 0;
}
#endif
