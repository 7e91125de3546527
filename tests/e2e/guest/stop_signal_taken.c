// SPDX-License-Identifier: MIT
//
// The program takes the signal for itself with which the library would stop threads, by signal() or sigaction(),
// before and between scans: it gets each signal that it sends, and no other, and threads are stopped all the same.
//
// CFLAGS: -DBY_SIGNAL | -DBY_SIGACTION
// ENV: LEAKGC_OPTIONS=scan_log=scans
// EXPECT: nothing

#include "livetest.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { LIKELY = 61, LOWEST = 55 };

static atomic_int handled[65];
static int sent[65];

static pthread_t spinner;
static atomic_int spins, is_to_stay, stays;

static void handler(int number)
{
    if (atomic_load(&spins) && pthread_equal(pthread_self(), spinner)) {
        atomic_store(&stays, 1);
        while (atomic_load(&is_to_stay))
            continue;
        atomic_store(&stays, 0);
        return;
    }
    atomic_fetch_add(&handled[number], 1);
}

// A thread in the handler, whose mask blocks all signals, is stopped, too.
static void scan_while_handled(long (*scan)(void), int number)
{
    atomic_store(&is_to_stay, 1);
    CHECK(!pthread_kill(spinner, number));
    while (!atomic_load(&stays))
        continue;
    CHECK(!scan || scan() == 0);
    atomic_store(&is_to_stay, 0);
    while (atomic_load(&stays))
        continue;
}

static void *spin(void *block)
{
    char *volatile held = block;
    spinner = pthread_self();
    atomic_store(&spins, 1);
    for (;;)
        use(held);
    return NULL;
}

static void take(int number)
{
#ifdef BY_SIGNAL
    CHECK(signal(number, handler) == SIG_DFL);
#else
    struct sigaction action = {.sa_handler = handler};
    sigfillset(&action.sa_mask);
    CHECK(!sigaction(number, &action, NULL));
#endif
}

int main(void)
{
    long (*scan)(void) = (long (*)(void))dlsym(RTLD_DEFAULT, "leakgc_scan");
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, spin, malloc(100)));
    while (!atomic_load(&spins))
        continue;
    for (int number = LIKELY; number >= LOWEST; number--) {
        take(number);
        for (int i = 0; i < 3; i++) {
            CHECK(!scan || scan() == 0);
            raise(number);
            sent[number]++;
        }
        scan_while_handled(scan, number);
        for (int n = LOWEST; n <= LIKELY; n++)
            CHECK(atomic_load(&handled[n]) == sent[n]);
    }
    CHECK(!scan || scan_lines("missed=0 ") == 4 * (LIKELY - LOWEST + 1));
    return 0;
}
