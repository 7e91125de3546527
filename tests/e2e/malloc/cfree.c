// SPDX-License-Identifier: MIT
//
// Old programs find cfree.
//
// PLAIN: no
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>

int main(void)
{
    void (*cfree)(void *);
    *(void **)&cfree = dlsym(RTLD_DEFAULT, "cfree");
    CHECK(cfree != NULL);
    cfree(malloc(100));
    cfree(NULL);
    return 0;
}
