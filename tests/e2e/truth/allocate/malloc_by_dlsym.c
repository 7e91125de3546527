// SPDX-License-Identifier: MIT
//
// malloc as the dynamic linker finds it.
//
// EXPECT: definite 34 1

#include "truth.h"

#include <dlfcn.h>

static NOINLINE void lose(void)
{
    void *(*allocate)(size_t) = (void *(*)(size_t))dlsym(RTLD_DEFAULT, "malloc");
    CHECK(allocate != NULL);
    use(allocate(34));
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
