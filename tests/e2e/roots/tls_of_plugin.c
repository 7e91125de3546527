// SPDX-License-Identifier: MIT
//
// A __thread variable of a shared object loaded by dlopen: its block is allocated on first use, and
// only the thread's vector of such blocks knows it. Main's and a thread's that existed before.
//
// PLUGIN: -ftls-model=global-dynamic
// EXPECT: nothing
// CONTROL: use_tls=0 => has definite 1009 1; definite 1010 1

#include "leaktest.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

#ifdef BUILD_PLUGIN
static __thread void *kept[5000];

void keep(void *p)
{
    kept[4711] = p;
    use(kept);
}
#else
static void (*keep)(void *);
static sem_t loaded, ready, never;

static NOINLINE void fill(void)
{
    keep(malloc(1009));
}

static NOINLINE void fill_main(void)
{
    keep(malloc(1010));
}

static void *work(void *unused)
{
    sem_wait(&loaded);
    fill();
    clobber();
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    void *plugin = dlopen(PLUGIN_PATH, RTLD_NOW);
    CHECK(plugin != NULL);
    *(void **)&keep = dlsym(plugin, "keep");
    sem_post(&loaded);
    sem_wait(&ready);
    fill_main();
    return 0;
}
#endif
