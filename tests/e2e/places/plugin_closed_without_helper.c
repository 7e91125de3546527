// SPDX-License-Identifier: MIT
//
// The same without symbols: the module's name and the offset in it are there.
//
// PLUGIN:
// ENV: LEAKGC_OPTIONS=symbolize=0
// EXPECT: definite 109 1
// STDERR-HAS: ^    #0 0x\w+ .*\({SO}\+0x\.\.\)|^    #0 0x\.\. .*\({SO}\+0x\.\.\)

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
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    void (*lose)(void);
    *(void **)&lose = dlsym(plugin, "plugin_lose");
    lose();
    CHECK(dlclose(plugin) == 0);
    return 0;
}
#endif
