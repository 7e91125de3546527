// SPDX-License-Identifier: MIT
//
// Many short threads (stacks used again), cleanup handlers, destructors of thread-specific data,
// pthread_exit, cancellation; different threads run different code at the same stack addresses.
//
// flags: gcc -O0 | gcc -O2 | clang -O2
// captures: 4000

#include "exact.h"

#include <pthread.h>

static pthread_key_t key;
static volatile int sum;

static NOINLINE void deep(int left)
{
    volatile char room[56];
    room[left & 31] = 1;
    if (left)
        deep(left - 1);
    else
        touch_all(3);
    sum++;
}

static void destroy(void *value)
{
    touch(4);
    deep(2);
    free(value);
}

static void clean(void *value)
{
    touch((size_t)value);
    deep(1);
}

static void *returns(void *n)
{
    pthread_setspecific(key, malloc(5));
    deep((int)(intptr_t)n % 7);
    return NULL;
}

static void *exits(void *n)
{
    pthread_cleanup_push(clean, n);
    pthread_setspecific(key, malloc(6));
    deep((int)(intptr_t)n % 5);
    pthread_exit(NULL);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *is_cancelled(void *n)
{
    pthread_cleanup_push(clean, n);
    deep((int)(intptr_t)n % 3);
    pthread_setspecific(key, malloc(7));
    while (1)
        pause();
    pthread_cleanup_pop(0);
    return NULL;
}

int main(void)
{
    static void *(*const kinds[])(void *) = {returns, exits, is_cancelled};
    CHECK(!pthread_key_create(&key, destroy));
    for (int round = 0; round < 80; round++) {
        pthread_t threads[6];
        for (int i = 0; i < 6; i++)
            CHECK(!pthread_create(&threads[i], NULL, kinds[i % 3], (void *)(intptr_t)(round + i)));
        for (int i = 2; i < 6; i += 3)
            pthread_cancel(threads[i]);
        for (int i = 0; i < 6; i++)
            pthread_join(threads[i], NULL);
        deep(round % 9);
    }
    return 0;
}
