// SPDX-License-Identifier: MIT
//
// Eight threads allocate, fill, hand over and free each other's blocks; nothing is lost or mixed up.
//
// CFLAGS: -O2
// TIMEOUT: 60
// EXPECT: nothing

#include "leaktest.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 8, ROUNDS = 50000, BOXES = 256 };

struct letter {
    size_t size;
    unsigned char text[];
};

static _Atomic(struct letter *) box[BOXES];

static void check_and_free(struct letter *letter)
{
    if (letter == NULL)
        return;
    for (size_t i = 0; i < letter->size; i++)
        if (letter->text[i] != (unsigned char)letter->size)
            CHECK(!"content");
    free(letter);
}

static void *work(void *argument)
{
    uint32_t state = (uint32_t)(uintptr_t)argument * 2654435761u + 1;
    for (int n = 0; n < ROUNDS; n++) {
        state = state * 1664525 + 1013904223;
        size_t size = (state >> 8) % ((state >> 28) == 0 ? 100000 : 400);
        struct letter *letter = malloc(sizeof *letter + size);
        CHECK(letter != NULL);
        letter->size = size;
        memset(letter->text, (int)(unsigned char)size, size);
        check_and_free(atomic_exchange(&box[(state >> 4) % BOXES], letter));
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&thread[i], NULL, work, (void *)i) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
    for (int i = 0; i < BOXES; i++)
        check_and_free(atomic_exchange(&box[i], NULL));
    return 0;
}
