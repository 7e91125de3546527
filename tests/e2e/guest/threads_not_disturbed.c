// SPDX-License-Identifier: MIT
//
// At the end of main, threads that wait in system calls are not woken for the program to see.
//
// EXPECT: definite 109 1

#include "leaktest.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static void *sleeper(void *unused)
{
    while (nanosleep(&(struct timespec){1000, 0}, NULL) != 0)
        continue;
    return unused;
}

static void *reader(void *argument)
{
    char byte;
    ssize_t got = read(*(int *)argument, &byte, 1); // restarts by itself after a signal
    dprintf(1, "read returned %zd, errno %d\n", got, errno);
    return NULL;
}

static void *locker(void *argument)
{
    pthread_mutex_lock(argument);
    dprintf(1, "got the lock\n");
    return NULL;
}

static NOINLINE void lose(void)
{
    use(malloc(109)); // LEAK: definite 109 1
}

int main(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int sides[2];
    pthread_t thread;
    CHECK(pipe(sides) == 0);
    pthread_mutex_lock(&lock);
    CHECK(pthread_create(&thread, NULL, sleeper, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, reader, &sides[0]) == 0);
    CHECK(pthread_create(&thread, NULL, locker, &lock) == 0);
    usleep(20000);
    lose();
    return 0;
}
