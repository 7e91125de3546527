// SPDX-License-Identifier: MIT
//
// A thread hangs in a constructor while dlopen holds the loader's lock, and main returns... by
// quick_exit, for exit itself would wait for that lock.
//
// CFLAGS: -O0 -rdynamic | -O2 -rdynamic
// PLUGIN:
// TIMEOUT: 10
// EXPECT: definite 109 1

#include "leaktest.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

#ifdef BUILD_PLUGIN
__attribute__((constructor)) static void hang(void)
{
    sem_t *ready;
    *(void **)&ready = dlsym(RTLD_DEFAULT, "constructor_runs");
    sem_post(ready);
    for (;;)
        pause();
}
#else
sem_t constructor_runs;

static void *work(void *unused)
{
    dlopen(PLUGIN_PATH, RTLD_NOW);
    return unused;
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&constructor_runs);
    lose();
    quick_exit(0);
}
#endif
