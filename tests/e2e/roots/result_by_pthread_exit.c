// SPDX-License-Identifier: MIT
//
// The same for a value given to pthread_exit.
//
// ORACLE: not lsan: it forgets a thread that has ended
// EXPECT: nothing
// CONTROL: -DJOIN => definite 1009 1

#include "leaktest.h"

#include <pthread.h>

static void *work(void *unused)
{
    (void)unused;
    pthread_exit(malloc(1009));
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    usleep(100000);
#ifdef JOIN
    CHECK(pthread_join(thread, NULL) == 0);
#endif
    return 0;
}
