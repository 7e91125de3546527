// SPDX-License-Identifier: MIT
//
// A plugin in a namespace of its own (dlmopen) brings its own libc, with its own malloc.
//
// PLUGIN:
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
int plugin_work(void)
{
    char *p = strdup("text");
    for (int i = 1; i < 1000; i++)
        p = realloc(p, (size_t)i * 10);
    int fine = p[0] == 't';
    free(p);
    return fine;
}
#else
int main(void)
{
    void *plugin = dlmopen(LM_ID_NEWLM, PLUGIN_PATH, RTLD_NOW);
    if (plugin == NULL)
        SKIP("dlmopen does not work here");
    int (*work)(void);
    *(void **)&work = dlsym(plugin, "plugin_work");
    CHECK(work() == 1);
    return 0;
}
#endif
