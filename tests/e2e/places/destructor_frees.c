// SPDX-License-Identifier: MIT
//
// What a destructor of the program or of its libraries frees is no leak, though main has returned.
//
// SOLIB:
// EXPECT: nothing

#include "leaktest.h"

#ifdef BUILD_SOLIB
static uintptr_t hidden;

__attribute__((constructor)) static void begin(void)
{
    hidden = hidden_malloc(109);
}

__attribute__((destructor)) static void end(void)
{
    free(reveal(hidden));
}

void library_function(void) {}
#else
void library_function(void);
static uintptr_t hidden;

__attribute__((destructor)) static void end(void)
{
    free(reveal(hidden));
}

int main(void)
{
    hidden = hidden_malloc(110);
    library_function();
    return 0;
}
#endif
