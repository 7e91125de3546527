// SPDX-License-Identifier: MIT
//
// Each thread gets a signal as soon as it exists, perhaps before its routine begins; the handler calls signal(),
// which may be called there, and allocates, because nothing can have been interrupted that allocates. What
// joins and ends such a thread must find the right one.
//
// EXPECT: definite 77 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum { THREADS = 5000 };

static atomic_int handled;

static void on_signal(int number)
{
    signal(number, on_signal);
    free(malloc(50));
    atomic_fetch_add(&handled, 1);
}

static void *work(void *argument)
{
    return argument;
}

int main(void)
{
    signal(SIGUSR1, on_signal);
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        void *result;
        CHECK(!pthread_create(&thread, NULL, work, malloc(10)));
        pthread_kill(thread, SIGUSR1);
        CHECK(!pthread_join(thread, &result));
        free(result);
    }
    CHECK(atomic_load(&handled) > 0);
    void *p = malloc(77); // LEAK: definite 77 1
    use(p);
#ifdef FIXED
    free(p);
#endif
    return 0;
}
