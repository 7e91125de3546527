// SPDX-License-Identifier: MIT
//
// A plugin's thread-local variable, in memory that the dynamic linker makes on its first use.
//
// EXPECT: nothing
// KEPT: 1014 1
// PLUGIN:

#include "truth.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
__thread char *mine;

char **place(void)
{
    return &mine;
}
#else
static char **(*place)(void);

static NOINLINE void fill(void)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    place = (char **(*)(void))dlsym(plugin, "place");
    *place() = malloc(1014);
}

int main(void)
{
    fill();
    FORGET(*place());
    TRUTH_POINT();
    return 0;
}
#endif
