// SPDX-License-Identifier: MIT
//
// A plugin that is loaded and closed many times, losing a block each time: one record, and nothing
// of the loader's own.
//
// PLUGIN:
// EXPECT: definite 2180 20

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
void plugin_lose(void)
{
    void *p = malloc(109);
    use(p);
}
#else
int main(void)
{
    for (int i = 0; i < 20; i++) {
        void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
        CHECK(plugin != NULL);
        void (*lose)(void);
        *(void **)&lose = dlsym(plugin, "plugin_lose");
        lose();
        CHECK(dlclose(plugin) == 0);
    }
    return 0;
}
#endif
