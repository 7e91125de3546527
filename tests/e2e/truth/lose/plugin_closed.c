// SPDX-License-Identifier: MIT
//
// A plugin's global goes away with dlclose.
//
// EXPECT: definite 113 1
// PLUGIN:

#include "truth.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
void *kept;

void start(void)
{
    kept = malloc(113);
}
#else
static NOINLINE void lose(void)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    void (*start)(void) = (void (*)(void))dlsym(plugin, "start");
    start();
    CHECK(dlclose(plugin) == 0);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
#endif
