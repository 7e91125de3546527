// SPDX-License-Identifier: MIT
//
// malloc on a small thread stack, where not much is left: it needs no more than glibc's would.
//
// EXPECT: nothing

#include "leaktest.h"

#include <limits.h>
#include <pthread.h>

static void *work(void *unused)
{
    void *p[20];
    for (int i = 0; i < 20; i++)
        p[i] = malloc((size_t)i * 1000);
    for (int i = 0; i < 20; i++)
        free(p[i]);
    return unused;
}

int main(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) == 0);
    for (int i = 0; i < 10; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, &attributes, work, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    pthread_attr_destroy(&attributes);
    return 0;
}
