// SPDX-License-Identifier: MIT
//
// A block that was lost in a plugin which is no longer loaded: the report still names function,
// file and line.
//
// PLUGIN:
// EXPECT: definite 109 1
// REPORT:
//|
//| =================================================================
//| ==PID==ERROR: leakgc: detected memory leaks
//|
//| Direct leak of 109 byte(s) in 1 object(s) allocated from:
//|     #0 0x.. in plugin_lose {FILE}:{@malloc}
//|     #1 0x.. in main {FILE}:{@call}
//|     ...
//|
//| SUMMARY: leakgc: 109 byte(s) leaked in 1 allocation(s).
//| ==PID==
//| ==PID==LEAK SUMMARY:
//| ==PID==   definitely lost: 109 bytes in 1 blocks
//| ==PID==   indirectly lost: 0 bytes in 0 blocks
//| ==PID==     possibly lost: 0 bytes in 0 blocks
//| ==PID==   still reachable: {ANY}
//| ==PID==        suppressed: 0 bytes in 0 blocks

#include "leaktest.h"

#include <dlfcn.h>

#ifdef BUILD_PLUGIN
void plugin_lose(void)
{
    void *p = malloc(109); // @malloc
    use(p);
}
#else
int main(void)
{
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    void (*lose)(void);
    *(void **)&lose = dlsym(plugin, "plugin_lose");
    lose(); // @call
    CHECK(dlclose(plugin) == 0);
    return 0;
}
#endif
