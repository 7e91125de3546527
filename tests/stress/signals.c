// SPDX-License-Identifier: MIT
//
// Signals at 1 kHz and in bursts between threads. Handlers never allocate while they may have
// interrupted malloc (that is outside the contract); those of the thread that only computes do.

#include "stress.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

enum { ALLOCATORS = 4 };

static atomic_bool stopping;
static atomic_ulong ticks, handled;

static void on_tick(int signal)
{
    (void)signal;
    int saved = errno;
    volatile char stack_use[500];
    memset((char *)stack_use, 0x5a, sizeof stack_use);
    atomic_fetch_add(&ticks, 1);
    errno = saved;
}

/* Only the computing thread gets this one. */
static void on_user(int signal)
{
    (void)signal;
    int saved = errno;
    void *p = malloc(100 + atomic_fetch_add(&handled, 1) % 900);
    CHECK(p);
    fill(p, 100, 3);
    free(p);
    errno = saved;
}

static void *allocate(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    unsigned char *block[100] = {0};
    size_t bytes[100];
    while (!atomic_load(&stopping)) {
        size_t at = roll(&d) % 100;
        if (block[at])
            verify(block[at], bytes[at], 9);
        free(block[at]);
        bytes[at] = roll_size(&d, 70000);
        errno = 4321;
        block[at] = malloc(bytes[at]);
        CHECK(block[at] && errno == 4321);
        fill(block[at], bytes[at], 9);
    }
    for (int i = 0; i < 100; i++)
        free(block[i]);
    return NULL;
}

static void *compute(void *unused)
{
    (void)unused;
    static char stack[65536];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    CHECK(!sigaltstack(&alternative, NULL));
    volatile uint64_t sum = 0;
    while (!atomic_load(&stopping))
        sum += sum * 31 + 7;
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t t[ALLOCATORS];
    struct itimerval period = {{0, 1000}, {0, 1000}};
    struct sigaction tick = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    struct sigaction user = {.sa_handler = on_user, .sa_flags = SA_ONSTACK};
    stress_begin(argc, argv);
    sigaction(SIGALRM, &tick, NULL);
    sigaction(SIGUSR1, &user, NULL);
    sigaction(SIGUSR2, &tick, NULL);
    for (int i = 0; i < ALLOCATORS; i++)
        t[i] = start(allocate, (void *)(intptr_t)i);
    pthread_t computing = start(compute, NULL);
    setitimer(ITIMER_REAL, &period, NULL);
    double end = now() + (double)stress_scale / 100;
    for (unsigned i = 0; now() < end; i++) {
        pthread_kill(computing, SIGUSR1);
        pthread_kill(t[i % ALLOCATORS], SIGUSR2);
        usleep(200);
    }
    atomic_store(&stopping, true);
    for (int i = 0; i < ALLOCATORS; i++)
        CHECK(!pthread_join(t[i], NULL));
    CHECK(!pthread_join(computing, NULL));
    CHECK(atomic_load(&ticks) > 0 && atomic_load(&handled) > 0);
    return stress_end(); /* the timer goes on during the check */
}
