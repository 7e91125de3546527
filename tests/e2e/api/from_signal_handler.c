// SPDX-License-Identifier: MIT
//
// All functions but leakgc_poll may be called in a handler that interrupts the allocator and the library
// anywhere: they work or fail, and never wait for themselves.
//
// EXPECT: nothing
// LOG: allowed
// TIMEOUT: 60

#include "apitest.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

static void *slot;
static volatile sig_atomic_t calls;

static void handler(int unused)
{
    use(&unused);
    struct leakgc_counters counters;
    calls++;
    leakgc_disable();
    leakgc_enable();
    leakgc_ignore(slot);
    leakgc_add_root(&slot, sizeof slot);
    leakgc_remove_root(&slot, sizeof slot);
    leakgc_weak_register(&slot, NULL, NULL);
    leakgc_weak_unregister(&slot);
    leakgc_counters(&counters, sizeof counters);
    if (calls % 16 == 0) {
        leakgc_mark();
        leakgc_scan();
        leakgc_leaks_since(1, NULL);
        leakgc_on_lost(NULL, NULL);
    }
}

static void *churn(void *unused)
{
    for (int i = 0; !unused || i < 300000; i++) {
        void *p = malloc(10 + i % 3000);
        use(p);
        free(realloc(p, 100000));
        static void *region[4];
        if (WITH) {
            leakgc_add_root(region, 8);
            leakgc_weak_register(&region[i % 4], NULL, NULL);
            leakgc_weak_unregister(&region[i % 4]);
            leakgc_remove_root(region, 8);
        }
        if (!unused && calls >= 200)
            break;
        if (!WITH)
            break;
    }
    return NULL;
}

int main(void)
{
    struct itimerval timer = {{0, 2000}, {0, 2000}};
    pthread_t thread;
    if (!WITH)
        return 0;
    CHECK(signal(SIGPROF, handler) != SIG_ERR && setitimer(ITIMER_PROF, &timer, NULL) == 0);
    pthread_create(&thread, NULL, churn, NULL);
    churn(NULL);
    pthread_join(thread, NULL);
    timer = (struct itimerval){0};
    setitimer(ITIMER_PROF, &timer, NULL);
    CHECK(calls >= 200);
    return 0;
}
