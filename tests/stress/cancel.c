// SPDX-License-Identifier: MIT
//
// Threads that are cancelled, or call pthread_exit from deep inside, while they allocate. Clean-up
// handlers free what they held. malloc itself is no place where a thread may be cancelled. A fork at
// the end finds no lock left taken by a thread that is no more.

#include "stress.h"

#include <sys/wait.h>

struct held {
    void *block[20];
};

static void let_go(void *arg)
{
    struct held *h = arg;
    for (int i = 0; i < 20; i++)
        free(h->block[i]);
    free(h);
}

static NOINLINE void work(int depth, struct held *h, struct dice *d, bool leave)
{
    volatile char frame[200];
    frame[0] = (char)depth;
    if (depth > 0) {
        work(depth - 1, h, d, leave);
        frame[1] = frame[0];
        return;
    }
    for (int i = 0; !leave || i < 100; i++) {
        size_t at = roll(d) % 20;
        free(h->block[at]);
        h->block[at] = NULL;
        h->block[at] = malloc(roll_size(d, 20000));
        if (i % 16 == 0)
            pthread_testcancel();
    }
    pthread_exit(NULL);
}

static void *body(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    struct held *h = calloc(1, sizeof *h);
    CHECK(h);
    pthread_cleanup_push(let_go, h);
    work((int)(roll(&d) % 30), h, &d, (intptr_t)number % 3 == 0);
    pthread_cleanup_pop(1);
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    for (long round = 0; round < scaled(150); round++) {
        pthread_t t[8];
        for (intptr_t i = 0; i < 8; i++)
            t[i] = start(body, (void *)(round * 8 + i));
        usleep(500);
        for (int i = 0; i < 8; i++)
            pthread_cancel(t[i]);
        for (int i = 0; i < 8; i++) {
            void *result;
            CHECK(!pthread_join(t[i], &result));
            CHECK(result == PTHREAD_CANCELED || result == NULL);
        }
    }
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        free(malloc(100));
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    return stress_end();
}
