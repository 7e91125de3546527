// SPDX-License-Identifier: MIT
//
// Threads that wait in the kernel are stopped by scans, and notice nothing: no call fails with EINTR, no
// sleep is shorter.
//
// CFLAGS: -O2
// ENV: LEAKGC_OPTIONS=interval=20ms:scan_log=scans
// CONTROL: snapshot=stop => nothing
// EXPECT: nothing

#include "livetest.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

static int tube[2];
static sem_t semaphore;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *wait_in_poll(void *unused)
{
    struct pollfd want = {.fd = tube[0], .events = POLLIN};
    CHECK(poll(&want, 1, -1) == 1);
    CHECK(ppoll(&want, 1, NULL, NULL) == 1);
    return unused;
}

static void *wait_in_select(void *unused)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(tube[0], &set);
    CHECK(select(tube[0] + 1, &set, NULL, NULL, NULL) == 1);
    return unused;
}

static void *wait_in_epoll(void *unused)
{
    int fd = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    CHECK(fd >= 0 && !epoll_ctl(fd, EPOLL_CTL_ADD, tube[0], &event));
    CHECK(epoll_wait(fd, &event, 1, -1) == 1);
    close(fd);
    return unused;
}

static void *wait_in_semaphore(void *unused)
{
    CHECK(!sem_wait(&semaphore));
    return unused;
}

static void *wait_for_signal(void *unused)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK(sigwaitinfo(&set, NULL) == SIGUSR2);
    return unused;
}

static void *wait_asleep(void *unused)
{
    double begin = now();
    CHECK(sleep(2) == 0);
    CHECK(now() >= begin + 2);
    struct timespec left = {0, 500000000};
    CHECK(!nanosleep(&left, &left));
    CHECK(now() >= begin + 2.5);
    return unused;
}

int main(void)
{
    void *(*bodies[])(void *) = {wait_in_poll,      wait_in_select,  wait_in_epoll,
                                 wait_in_semaphore, wait_for_signal, wait_asleep};
    pthread_t threads[ARRAY_SIZE(bodies)];
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK(!pthread_sigmask(SIG_BLOCK, &set, NULL));
    CHECK(!pipe(tube) && !sem_init(&semaphore, 0, 0));
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
        CHECK(!pthread_create(&threads[i], NULL, bodies[i], NULL));
    wait_scans(10);
    CHECK(write(tube[1], "x", 1) == 1);
    CHECK(!sem_post(&semaphore));
    CHECK(!pthread_kill(threads[4], SIGUSR2));
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
        CHECK(!pthread_join(threads[i], NULL));
    return 0;
}
