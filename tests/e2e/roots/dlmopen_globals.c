// SPDX-License-Identifier: MIT
//
// A shared object in a namespace of its own (dlmopen), with a libc of its own: pointers in its data, its
// .bss and its thread-local storage count.
//
// PLUGIN: -ftls-model=global-dynamic
// EXPECT: nothing
// CONTROL: use_globals=0:use_mapped=0 => has definite 1009 1
// CONTROL: use_globals=0:use_mapped=0 -DNO_DATA => has definite 1010 1
// CONTROL: use_tls=0 => has definite 1011 1
// CONTROL: -DCLEARED => definite 3030 3

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
static void *in_data = &in_data;
static void *in_bss;
static __thread void *local;

void keep(void *a, void *b, void *c)
{
#ifndef NO_DATA
    in_data = a;
#endif
    in_bss = b;
    local = c;
    use(a);
    use(&in_data);
    use(&in_bss);
    use(&local);
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

static NOINLINE void *three(void)
{
    void *p = malloc(1011);
    use(p);
    return p;
}

int main(void)
{
    void *plugin = dlmopen(LM_ID_NEWLM, PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    void (*keep)(void *, void *, void *);
    *(void **)&keep = dlsym(plugin, "keep");
    keep(one(), two(), three());
#ifdef CLEARED
    keep(NULL, NULL, NULL);
#endif
    return 0;
}
#endif
