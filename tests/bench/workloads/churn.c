// SPDX-License-Identifier: MIT
//
// Short threads: each sorts a list of its own, gives the result back, and ends; two run at a time. Shows
// what the start and the end of a thread cost an allocator. The results are freed by the main thread.

#include <pthread.h>

#include "bench.h"

enum { ITEMS = 4000 };

struct item {
    struct item *next;
    uint32_t key;
};

struct job {
    pthread_t thread;
    uint64_t random;
};

static NOINLINE struct item *item_new(uint32_t key, struct item *next)
{
    struct item *item = malloc(sizeof *item + key % 64);
    item->next = next;
    item->key = key;
    return item;
}

static NOINLINE struct item *merge(struct item *a, struct item *b)
{
    struct item *first = NULL, **last = &first;
    while (a && b) {
        struct item **smaller = a->key <= b->key ? &a : &b;
        *last = *smaller;
        last = &(*smaller)->next;
        *smaller = *last;
    }
    *last = a ? a : b;
    return first;
}

// A list of `count` random items in order; what merging leaves behind is freed on the way.
static NOINLINE struct item *sorted(uint32_t count, uint64_t *random)
{
    if (count == 1) {
        struct item *spare = item_new((uint32_t)draw(random), NULL);
        struct item *item = item_new(spare->key ^ 1, NULL);
        free(spare);
        return item;
    }
    struct item *left = sorted(count / 2, random);
    return merge(left, sorted(count - count / 2, random));
}

static NOINLINE void *run(void *argument)
{
    struct job *job = argument;
    return sorted(ITEMS, &job->random);
}

static NOINLINE void start(struct job *job, uint64_t seed)
{
    job->random = seed;
    pthread_create(&job->thread, NULL, run, job);
}

static NOINLINE uint64_t collect(struct job *job)
{
    void *result;
    pthread_join(job->thread, &result);
    uint64_t sum = 0;
    for (struct item *item = result, *next; item; item = next) {
        next = item->next;
        sum = mix(sum, item->key);
        free(item);
    }
    return sum;
}

int main(int argc, char **argv)
{
    long size = size_argument(argc, argv);
    struct job jobs[2];
    uint64_t sum = 0;
    start(&jobs[0], 47);
    for (long i = 1; i < size; i++) {
        start(&jobs[i % 2], 47 + (uint64_t)i);
        sum = mix(sum, collect(&jobs[(i + 1) % 2]));
    }
    return finish(mix(sum, collect(&jobs[(size + 1) % 2])));
}
