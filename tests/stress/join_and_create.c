// SPDX-License-Identifier: MIT
//
// PRELOAD: slow_threads.c
//
// Threads are joined by some threads while others create new ones, as fast as they can: libc gives
// the control block (pthread_t) of a thread that is being joined to a new one at once. A registry
// that looks the joined thread up by that number afterwards finds the new one; one that looks it up before
// finds the old one, if its entry stands before that of a new one whose creation was overtaken. The
// preloaded object makes the moments between longer.

#include "stress.h"

static void *brief(void *argument)
{
    void *block[8];
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 8; i++) {
            block[i] = malloc(16 + (size_t)i * 40);
            CHECK(block[i]);
            fill(block[i], 16 + (size_t)i * 40, (unsigned char)i);
        }
        for (int i = 0; i < 8; i++) {
            verify(block[i], 16 + (size_t)i * 40, (unsigned char)i);
            free(block[i]);
        }
    }
    return argument;
}

static void *create(void *unused)
{
    (void)unused;
    for (long i = 0; i < scaled(250); i++) {
        void *result;
        pthread_t t = start(brief, malloc(10));
        CHECK(!pthread_join(t, &result));
        free(result);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(STRESS_THREADS, create);
    return stress_end();
}
