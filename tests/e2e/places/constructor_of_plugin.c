// SPDX-License-Identifier: MIT
//
// Allocations in a constructor while dlopen loads a plugin.
//
// PLUGIN:
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
void *plugin_kept;

__attribute__((constructor)) static void begin(void)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
    plugin_kept = malloc(110);
}
#else
int main(void)
{
    CHECK(dlopen(PLUGIN_PATH, RTLD_NOW) != NULL);
    return 0;
}
#endif
