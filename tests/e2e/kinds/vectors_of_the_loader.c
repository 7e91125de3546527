// SPDX-License-Identifier: MIT
//
// What the loader allocates for threads (vectors of thread-local blocks, the blocks themselves), it points
// to in the middle, and from tables of its own: never possibly lost, in threads that live and have ended.
//
// PLUGIN: -ftls-model=global-dynamic
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing

#include "leaktest.h"

#include <dlfcn.h>
#include <pthread.h>

#ifdef BUILD_PLUGIN
static __thread char local[3000];

void touch(void)
{
    memset(local, 1, sizeof local);
    use(local);
}
#else
static void (*touch)(void);
static pthread_barrier_t ready;

static void *work(void *ends)
{
    touch();
    clobber();
    if (ends)
        return NULL;
    pthread_barrier_wait(&ready);
    pause();
    return NULL;
}

int main(void)
{
    pthread_t thread;
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    *(void **)&touch = dlsym(plugin, "touch");
    touch();
    pthread_barrier_init(&ready, NULL, 9);
    for (int i = 0; i < 8; i++)
        CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, work, &ready) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_barrier_wait(&ready);
    return 0;
}
#endif
