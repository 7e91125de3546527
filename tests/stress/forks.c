// SPDX-License-Identifier: MIT
//
// Two threads fork in a loop while four others allocate and free at full speed. Children free what
// they inherited, allocate, start a thread, fork again, and leave through exit or _exit. Blocks that
// the other threads held at the fork are no leaks of the child, but for those that were in a register
// only: one a thread.
//
// CHILDREN: 6

#include "stress.h"

#include <stdatomic.h>
#include <sys/wait.h>

enum { WORKERS = 4, FORKERS = 2, INHERITED = 2000 };

static atomic_bool stopping;
static unsigned char *inherited[INHERITED];

static void *work(void *number)
{
    void *block[200] = {0};
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    while (!atomic_load(&stopping)) {
        size_t at = roll(&d) % 200;
        free(block[at]);
        block[at] = malloc(roll_size(&d, 50000));
    }
    for (int i = 0; i < 200; i++)
        free(block[i]);
    return NULL;
}

static void *thread_of_child(void *unused)
{
    (void)unused;
    struct dice d = dice_of(7);
    for (int i = 0; i < 500; i++)
        free(malloc(roll_size(&d, 50000)));
    return NULL;
}

static void allocate(uint64_t seed)
{
    struct dice d = dice_of(seed);
    unsigned char *block[100] = {0};
    for (int i = 0; i < 2000; i++) {
        size_t at = roll(&d) % 100;
        free(block[at]);
        block[at] = malloc(1 + roll(&d) % 2000);
        CHECK(block[at]);
        block[at][0] = 1;
    }
    for (int i = 0; i < 100; i++)
        free(block[i]);
}

static void be_child(int n)
{
    for (int i = n % 3; i < INHERITED; i += 3) {
        verify(inherited[i], (size_t)i, (unsigned char)i);
        free(inherited[i]);
        inherited[i] = NULL;
    }
    allocate((uint64_t)n);
    if (n % 5 == 0) {
        pthread_t t = start(thread_of_child, NULL);
        CHECK(!pthread_join(t, NULL));
    }
    if (n % 4 == 0) {
        int status;
        pid_t grandchild = fork();
        CHECK(grandchild >= 0);
        if (grandchild == 0) {
            allocate((uint64_t)n + 1);
            _exit(6);
        }
        CHECK(waitpid(grandchild, &status, 0) == grandchild);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 6);
    }
    if (n % 2 && n % 5) // a thread of the child may have got the stack of a dead one
        exit(5);
    _exit(5);
}

static void *fork_often(void *number)
{
    for (long i = 0; i < scaled(40); i++) {
        int status;
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            be_child((int)i + (int)(intptr_t)number * 1000);
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t workers[WORKERS];
    stress_begin(argc, argv);
    for (int i = 0; i < INHERITED; i++) {
        inherited[i] = malloc((size_t)i);
        fill(inherited[i], (size_t)i, (unsigned char)i);
    }
    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(work, (void *)(intptr_t)i);
    run_threads(FORKERS, fork_often);
    atomic_store(&stopping, true);
    for (int i = 0; i < WORKERS; i++)
        CHECK(!pthread_join(workers[i], NULL));
    for (int i = 0; i < INHERITED; i++) {
        free(inherited[i]);
        inherited[i] = NULL;
    }
    return stress_end();
}
