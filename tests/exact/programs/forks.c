// SPDX-License-Identifier: MIT
//
// Children by fork, from deep frames and from threads; they allocate over the parent's remembered
// stacks, return from the frames that they were born in, and end in each way.
//
// flags: gcc -O0 | gcc -O2 | clang -O2
// captures: 1000
// processes: 18

#include "exact.h"

#include <pthread.h>
#include <sys/wait.h>

static volatile int sum;

static NOINLINE pid_t deep(int left, int where)
{
    volatile char room[32];
    room[left & 15] = 1;
    pid_t child = -1;
    touch((size_t)left + 1);
    if (left == where)
        child = fork();
    else if (left)
        child = deep(left - 1, where);
    touch_all(3);
    sum++;
    return child;
}

static NOINLINE void play(int i)
{
    pid_t child = deep(6, i % 7);
    CHECK(child >= 0);
    if (!child) {
        for (int k = 0; k < 10; k++)
            deep(k, -1);
        if (i % 2)
            exit(3);
        _exit(3);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3);
}

static void *in_thread(void *unused)
{
    for (int i = 0; i < 7; i++)
        play(i);
    return unused;
}

int main(void)
{
    for (int i = 0; i < 14; i++)
        play(i);
    pthread_t thread;
    CHECK(!pthread_create(&thread, NULL, in_thread, NULL));
    for (int i = 0; i < 14; i++)
        play(i);
    pthread_join(thread, NULL);
    return 0;
}
