// SPDX-License-Identifier: MIT
//
// A thread that has ended and is not joined still owns its return value: someone may yet join it.
//
// ORACLE: not lsan: it forgets a thread that has ended
// EXPECT: nothing
// CONTROL: -DJOIN => definite 1009 1

#include "leaktest.h"

#include <pthread.h>

static void *work(void *unused)
{
    (void)unused;
    return malloc(1009);
}

static NOINLINE void start(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
#ifdef JOIN
    CHECK(pthread_join(thread, NULL) == 0);
#endif
}

int main(void)
{
    start();
    usleep(100000);
    return 0;
}
