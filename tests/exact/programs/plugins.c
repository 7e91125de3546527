// SPDX-License-Identifier: MIT
//
// Different plugins with different frame sizes are loaded and unloaded in turns and land at the same
// addresses; their constructors, destructors and thread-local variables allocate too.
//
// flags: gcc -O1 -fno-asynchronous-unwind-tables -fasynchronous-unwind-tables | gcc -O2 | gcc -O2 -fno-omit-frame-pointer | clang -O1
// plugin: a.so -DROOM=24
// plugin: b.so -DROOM=72
// plugin: c.so -DROOM=400 -fno-omit-frame-pointer
// plugin: d.so -DROOM=24 -DSWAPPED
// plugin: e.so -DROOM=24 -fomit-frame-pointer -DSWAPPED
// captures: 2000

#include "exact.h"

#ifdef BUILD_PLUGIN

static volatile int sum;

#ifdef SWAPPED
__attribute__((visibility("default"))) NOINLINE int plugin_other(int left)
{
    char room[ROOM / 2];
    use(room);
    touch(10);
    return ++sum + left;
}
#endif

NOINLINE int plugin_deep(int left)
{
    char room[ROOM];
    use(room);
    int result = 0;
    touch((size_t)left + 1);
    if (left)
        result = plugin_deep(left - 1);
    use(room);
    return result + ++sum;
}

int plugin_enter(int (*back)(int), int left)
{
    static __thread char own[300];
    char room[ROOM + 40];
    use(room);
    use(own);
    int result = plugin_deep(left) + back(left);
    touch_all(3);
    use(room);
    return result;
}

__attribute__((constructor)) static void begin(void)
{
    plugin_deep(2);
}

__attribute__((destructor)) static void end(void)
{
    plugin_deep(3);
}

#else

#include <dlfcn.h>

static volatile int sum;

static NOINLINE int back(int left)
{
    touch((size_t)left + 1);
    return ++sum;
}

static NOINLINE void with_plugin(const char *path, uintptr_t *seen, int *repeats)
{
    void *handle = dlopen(path, rnd(2) ? RTLD_NOW : RTLD_LAZY);
    CHECK(handle);
    int (*enter)(int (*)(int), int) = (int (*)(int (*)(int), int))dlsym(handle, "plugin_enter");
    uintptr_t page = (uintptr_t)enter >> 12;
    *repeats += page == *seen;
    *seen = page;
    for (int i = 0; i < 4; i++)
        sum += enter(back, i);
    CHECK(!dlclose(handle));
}

int main(void)
{
    static const char *const paths[] = {PLUGINS "a.so", PLUGINS "b.so", PLUGINS "c.so",
                                        PLUGINS "d.so", PLUGINS "e.so"};
    uintptr_t seen = 0;
    int repeats = 0;
    for (int i = 0; i < 60; i++)
        with_plugin(paths[i % 5], &seen, &repeats);
    for (int i = 0; i < 60; i++)
        with_plugin(paths[rnd(5)], &seen, &repeats);
    CHECK(repeats > 20); // they do land at the same addresses
    return 0;
}

#endif
