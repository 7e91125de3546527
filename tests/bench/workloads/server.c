// SPDX-License-Identifier: MIT
//
// A server after Larson's benchmark: two threads replace random blocks of 10 to 500 bytes in arrays of
// their own; after a while each hands its array to a fresh thread and ends, so blocks outlive their
// thread and are freed by another.

#include <pthread.h>

#include "bench.h"

enum { SLOTS = 2000, STEPS = 40000, THREADS = 2 };

struct worker {
    char *slots[SLOTS];
    uint64_t random, sum;
    long generations;
};

static NOINLINE char *block_new(struct worker *worker)
{
    uint32_t bytes = 10 + draw_below(&worker->random, 490);
    char *block = malloc(bytes);
    memset(block, (char)bytes, bytes);
    return block;
}

static NOINLINE void replace(struct worker *worker, uint32_t slot)
{
    char *old = worker->slots[slot];
    if (old)
        worker->sum = mix(worker->sum, (uint64_t)(uint8_t)old[0]);
    free(old);
    worker->slots[slot] = block_new(worker);
}

static NOINLINE void serve(struct worker *worker)
{
    for (int i = 0; i < STEPS; i++)
        replace(worker, draw_below(&worker->random, SLOTS));
}

static NOINLINE void *generation(void *argument)
{
    serve(argument);
    return NULL;
}

static NOINLINE void *lineage(void *argument)
{
    struct worker *worker = argument;
    for (; worker->generations > 0; worker->generations--) {
        pthread_t thread;
        pthread_create(&thread, NULL, generation, worker);
        pthread_join(thread, NULL);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static struct worker workers[THREADS];
    pthread_t threads[THREADS];
    long size = size_argument(argc, argv);
    for (int i = 0; i < THREADS; i++) {
        workers[i].random = 43 + (uint64_t)i;
        workers[i].generations = size;
        pthread_create(&threads[i], NULL, lineage, &workers[i]);
    }
    uint64_t sum = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum = mix(sum, workers[i].sum);
        for (int slot = 0; slot < SLOTS; slot++)
            free(workers[i].slots[slot]);
    }
    return finish(sum);
}
