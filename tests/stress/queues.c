// SPDX-License-Identifier: MIT
//
// Blocks are allocated by one thread and freed by another: four producers, four consumers, a
// bounded queue between each pair of neighbours; consumers pass every third block on to the next
// queue. Slabs fill up here and are emptied there, which is the hard path of the allocator.

#include "stress.h"

enum { QUEUES = 4, LENGTH = 1024 };

struct item {
    size_t bytes;
    unsigned char mark;
    bool passed_on;
    unsigned char payload[];
};

static struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct item *items[LENGTH];
    size_t head, count;
    int writers;
} queues[QUEUES];

static bool offer(struct queue *q, struct item *item)
{
    pthread_mutex_lock(&q->lock);
    bool room = q->count < LENGTH;
    if (room)
        q->items[(q->head + q->count++) % LENGTH] = item;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
    return room;
}

static void push(struct queue *q, struct item *item)
{
    pthread_mutex_lock(&q->lock);
    while (q->count == LENGTH)
        pthread_cond_wait(&q->changed, &q->lock);
    q->items[(q->head + q->count++) % LENGTH] = item;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
}

static struct item *pop(struct queue *q)
{
    struct item *item = NULL;
    pthread_mutex_lock(&q->lock);
    while (!q->count && q->writers)
        pthread_cond_wait(&q->changed, &q->lock);
    if (q->count) {
        item = q->items[q->head];
        q->items[q->head] = NULL;
        q->head = (q->head + 1) % LENGTH;
        q->count--;
        pthread_cond_broadcast(&q->changed);
    }
    pthread_mutex_unlock(&q->lock);
    return item;
}

static void *produce(void *number)
{
    size_t n = (size_t)(intptr_t)number;
    struct dice d = dice_of(n);
    for (long i = 0; i < scaled(60000); i++) {
        size_t bytes = roll(&d) % 16 ? roll(&d) % 300 : roll_size(&d, 100000);
        struct item *item = malloc(sizeof *item + bytes);
        CHECK(item);
        *item = (struct item){.bytes = bytes, .mark = (unsigned char)roll(&d)};
        fill(item->payload, bytes, item->mark);
        push(&queues[n], item);
    }
    pthread_mutex_lock(&queues[n].lock);
    queues[n].writers--;
    pthread_cond_broadcast(&queues[n].changed);
    pthread_mutex_unlock(&queues[n].lock);
    return NULL;
}

static void *consume(void *number)
{
    size_t n = (size_t)(intptr_t)number;
    struct item *item;
    for (unsigned i = 0; (item = pop(&queues[n])); i++) {
        verify(item->payload, item->bytes, item->mark);
        if (i % 3 == 0 && !item->passed_on) {
            item->passed_on = true;
            if (offer(&queues[(n + 1) % QUEUES], item))
                continue;
        }
        free(item);
    }
    return NULL;
}

static void *either(void *number)
{
    intptr_t n = (intptr_t)number;
    return n < QUEUES ? produce(number) : consume((void *)(n - QUEUES));
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    for (int i = 0; i < QUEUES; i++) {
        pthread_mutex_init(&queues[i].lock, NULL);
        pthread_cond_init(&queues[i].changed, NULL);
        queues[i].writers = 1;
    }
    run_threads(2 * QUEUES, either);
    for (int i = 0; i < QUEUES; i++) /* what was passed on to a consumer that had left */
        while (queues[i].count)
            free(pop(&queues[i]));
    return stress_end();
}
