// SPDX-License-Identifier: MIT
//
// A hundred detached threads, some still at work when main returns. Their stacks are reused.
//
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>

static void *work(void *argument)
{
    char *p = argument;
    for (int i = 0; i < 200; i++) {
        p = realloc(p, 10 + (size_t)i * 5);
        memset(p, i, 10);
    }
    free(p);
    return NULL;
}

int main(void)
{
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, work, malloc(10)) == 0);
        pthread_detach(thread);
    }
    return 0;
}
