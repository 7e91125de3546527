// SPDX-License-Identifier: MIT
//
// A global of a library that was loaded by dlopen and is not closed.
//
// EXPECT: nothing
// KEPT: 1013 1
// PLUGIN:

#include "truth.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
char *plugin_root;
#else
static char **root;

static NOINLINE void fill(void)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    root = (char **)dlsym(plugin, "plugin_root");
    *root = malloc(1013);
}

int main(void)
{
    fill();
    FORGET(*root);
    TRUTH_POINT();
    return 0;
}
#endif
