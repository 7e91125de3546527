// SPDX-License-Identifier: MIT
//
// Pointers in the data and .bss of a shared object that the program is linked with.
//
// SOLIB:
// EXPECT: nothing
// CONTROL: use_globals=0 => definite 3030 3

#include "leaktest.h"

#ifdef BUILD_SOLIB
void *library_data = &library_data;
void *library_bss;
static void *library_static;

void library_keep(void *p)
{
    library_static = p;
    use(&library_static);
}
#else
extern void *library_data, *library_bss;
void library_keep(void *p);

int main(void)
{
    library_data = malloc(1009);
    library_bss = malloc(1010);
    library_keep(malloc(1011));
    return 0;
}
#endif
