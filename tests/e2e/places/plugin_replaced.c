// SPDX-License-Identifier: MIT
//
// Two plugins, one after the other at the same address: each block's stack names the right one.
//
// PLUGIN:
// EXPECT: definite 1109 2
// STDERR-HAS: ^    #0 0x.* in plugin_lose .*\n    #1 0x.* in main {FILE}:{@first}
// STDERR-HAS: ^    #0 0x.*second.so
// ENV: LEAKGC_OPTIONS=max_sites=0

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
void plugin_lose(size_t size)
{
    void *p = malloc(size);
    use(p);
}
#else
static NOINLINE void *open_plugin(const char *path, void (**lose)(size_t))
{
    void *plugin = dlopen(path, RTLD_NOW);
    CHECK(plugin != NULL);
    *(void **)lose = dlsym(plugin, "plugin_lose");
    return plugin;
}

int main(void)
{
    void (*lose)(size_t);
    void *plugin = open_plugin(PLUGIN_PATH, &lose);
    lose(109); // @first
    CHECK(dlclose(plugin) == 0);
    CHECK(system("strip -o second.so " PLUGIN_PATH) == 0);
    plugin = open_plugin("./second.so", &lose);
    lose(1000);
    CHECK(dlclose(plugin) == 0);
    return 0;
}
#endif
