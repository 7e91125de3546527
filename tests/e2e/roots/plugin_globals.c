// SPDX-License-Identifier: MIT
//
// Pointers in the data and .bss of a shared object that was loaded by dlopen.
//
// PLUGIN:
// EXPECT: nothing
// CONTROL: use_globals=0 => has definite 1009 1; definite 1010 1

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
static void *in_data = &in_data;
static void *in_bss;

void keep(void *a, void *b)
{
    in_data = a;
    in_bss = b;
    use(&in_data);
    use(&in_bss);
}
#else
static NOINLINE void *one(void)
{
    void *p = malloc(1009);
    use(p);
    return p;
}

static NOINLINE void *two(void)
{
    void *p = malloc(1010);
    use(p);
    return p;
}

int main(void)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    void (*keep)(void *, void *);
    *(void **)&keep = dlsym(plugin, "keep");
    keep(one(), two());
    return 0;
}
#endif
