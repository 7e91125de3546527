// SPDX-License-Identifier: MIT
//
// A thread_local object of a thread that waits.
//
// EXPECT: nothing
// KEPT: 1057 1

#include "truth.h"

#include <semaphore.h>
#include <string>
#include <thread>

static sem_t ready, never;
static thread_local std::string text;

static void work()
{
    text.assign(1056, 'x');
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
}

static NOINLINE void fill()
{
    std::thread(work).detach();
    while (sem_wait(&ready) != 0)
        continue;
}

int main()
{
    fill();
    TRUTH_POINT();
    return 0;
}
