// SPDX-License-Identifier: MIT
//
// Producer and consumer: one thread makes messages of two blocks, another copies, reads and frees them.
// Two blocks of three are freed by a thread that did not allocate them. Messages are handed over in
// batches, so that locking is not the work.

#include <pthread.h>

#include "bench.h"

enum { BATCH = 1024, WAITING = 8 };

struct message {
    struct message *next;
    char *text;
    uint32_t length;
};

static struct message *batches[WAITING];
static unsigned put_at, taken_at;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static NOINLINE char *compose(uint64_t *random, uint32_t length)
{
    char *text = malloc(length);
    memset(text, 'a' + (char)draw_below(random, 26), length);
    return text;
}

static NOINLINE struct message *message_new(uint64_t *random, struct message *next)
{
    struct message *message = malloc(sizeof *message);
    message->next = next;
    message->length = 16 + draw_below(random, 48);
    message->text = compose(random, message->length);
    return message;
}

static NOINLINE struct message *make_batch(uint64_t *random)
{
    struct message *first = NULL;
    for (int i = 0; i < BATCH; i++)
        first = message_new(random, first);
    return first;
}

static NOINLINE void put_batch(struct message *batch)
{
    pthread_mutex_lock(&lock);
    while (put_at - taken_at == WAITING)
        pthread_cond_wait(&changed, &lock);
    batches[put_at++ % WAITING] = batch;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static NOINLINE struct message *take_batch(void)
{
    pthread_mutex_lock(&lock);
    while (put_at == taken_at)
        pthread_cond_wait(&changed, &lock);
    struct message *batch = batches[taken_at++ % WAITING];
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return batch;
}

static NOINLINE void *produce(void *size)
{
    uint64_t random = 41;
    for (long i = *(long *)size; i > 0; i--)
        put_batch(make_batch(&random));
    put_batch(NULL);
    return NULL;
}

static NOINLINE char *capitals(const char *text, uint32_t length)
{
    char *copy = malloc(length);
    for (uint32_t i = 0; i < length; i++)
        copy[i] = text[i] & ~32;
    return copy;
}

static NOINLINE uint64_t consume(struct message *message)
{
    char *copy = capitals(message->text, message->length);
    uint64_t sum = mix(message->length, (uint64_t)copy[message->length - 1]);
    free(copy);
    free(message->text);
    free(message);
    return sum;
}

static NOINLINE uint64_t consume_all(void)
{
    uint64_t sum = 0;
    for (struct message *message, *next; (message = take_batch());)
        for (; message; message = next) {
            next = message->next;
            sum = mix(sum, consume(message));
        }
    return sum;
}

int main(int argc, char **argv)
{
    long size = size_argument(argc, argv);
    pthread_t producer;
    pthread_create(&producer, NULL, produce, &size);
    uint64_t sum = consume_all();
    pthread_join(producer, NULL);
    return finish(sum);
}
