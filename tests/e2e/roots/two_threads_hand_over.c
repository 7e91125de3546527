// SPDX-License-Identifier: MIT
//
// A thousand blocks go from thread to thread while main ends: each is always in somebody's hands.
//
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static _Atomic(void *) mailbox;

static void *giver(void *unused)
{
    for (;;) {
        void *p = malloc(100);
        void *expected = NULL;
        while (!atomic_compare_exchange_weak(&mailbox, &expected, p))
            expected = NULL;
    }
    return unused;
}

static void *taker(void *unused)
{
    for (;;) {
        void *p = atomic_exchange(&mailbox, NULL);
        free(p);
    }
    return unused;
}

int main(void)
{
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, giver, NULL) == 0);
            CHECK(pthread_create(&thread, NULL, taker, NULL) == 0);
            usleep(10000);
            exit(0);
        }
        int status = -1;
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    return 0;
}
