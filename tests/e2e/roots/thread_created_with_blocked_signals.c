// SPDX-License-Identifier: MIT
//
// A thread whose attributes say that it starts with all signals blocked is stopped all the same.
//
// CFLAGS: -O2
// EXPECT: nothing
// CONTROL: -DLOSE => definite 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <signal.h>

static pthread_barrier_t ready;

static void *work(void *unused)
{
    void *volatile local = malloc(1009);
#ifdef LOSE
    local = NULL;
#endif
    clobber();
    pthread_barrier_wait(&ready);
    pause();
    use(local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_attr_t attr;
    sigset_t all;
    sigfillset(&all);
    pthread_barrier_init(&ready, NULL, 2);
    CHECK(pthread_attr_init(&attr) == 0 && pthread_attr_setsigmask_np(&attr, &all) == 0);
    CHECK(pthread_create(&thread, &attr, work, NULL) == 0);
    pthread_attr_destroy(&attr);
    pthread_barrier_wait(&ready);
    return 0;
}
