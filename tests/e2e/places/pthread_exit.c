// SPDX-License-Identifier: MIT
//
// Blocks that a thread has lost when it called pthread_exit; its cleanup handlers run.
//
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

#include <pthread.h>

static NOINLINE void leave(void)
{
    pthread_exit(NULL);
}

static void *work(void *unused)
{
    void *p = malloc(109); // LEAK: definite 109 1
    void *q = malloc(110);
    use(p);
    pthread_cleanup_push(free, q);
#ifdef FIXED
    free(p);
#endif
    leave();
    pthread_cleanup_pop(1);
    return unused;
}

int main(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
