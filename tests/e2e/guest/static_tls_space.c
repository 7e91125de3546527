// SPDX-License-Identifier: MIT
//
// A plugin that needs static TLS still finds room for it.
//
// PLUGIN: -ftls-model=initial-exec
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
__thread char buffer[1000];

void *get_buffer(void)
{
    return buffer;
}
#else
int main(void)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    void *(*get_buffer)(void);
    *(void **)&get_buffer = dlsym(plugin, "get_buffer");
    CHECK(get_buffer() != NULL);
    return 0;
}
#endif
