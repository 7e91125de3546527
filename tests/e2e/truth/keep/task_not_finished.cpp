// SPDX-License-Identifier: MIT
//
// A detached std::thread waits with a local unique pointer.
//
// EXPECT: nothing
// KEPT: 1056 1

#include "truth.h"

#include <atomic>
#include <memory>
#include <semaphore.h>
#include <thread>

static sem_t ready, never;

static NOINLINE void work()
{
    std::unique_ptr<char[]> p(new char[1056]);
    use(p.get());
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(p.get());
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
