// SPDX-License-Identifier: MIT
//
// After dlclose the plugin's data is gone, and with it the last pointer.
//
// PLUGIN:
// EXPECT: definite 1009 1
// CONTROL: -DKEEP_OPEN => nothing
// ORACLE: not lsan: it loses the stack of the block with the plugin

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
static void *kept;

void keep(void *p)
{
    kept = p;
    use(&kept);
}
#else
int main(void)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    void (*keep)(void *);
    *(void **)&keep = dlsym(plugin, "keep");
    keep(malloc(1009)); // LEAK: definite 1009 1
#ifndef KEEP_OPEN
    CHECK(dlclose(plugin) == 0);
#endif
    return 0;
}
#endif
