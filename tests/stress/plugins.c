// SPDX-License-Identifier: MIT
//
// Two threads open, use and close a shared object in a loop while four others allocate from deep
// stacks. The shared object allocates in its constructor and calls back into the program.
//
// PLUGIN: plugin.c
// OPTIONS: stack_depth=256

#include "stress.h"

#include <dlfcn.h>
#include <stdatomic.h>

enum { DEPTH = 150 };

static atomic_bool stopping;

static NOINLINE int dig(int depth, struct dice *d)
{
    volatile char frame[64];
    frame[0] = (char)depth;
    if (depth == 0) {
        void *p = malloc(roll_size(d, 5000));
        CHECK(p);
        free(p);
        return 0;
    }
    return dig(depth - 1, d) + frame[0] * 0;
}

static void *allocate(void *number)
{
    struct dice d = dice_of((uint64_t)(intptr_t)number);
    while (!atomic_load(&stopping))
        dig(DEPTH, &d);
    return NULL;
}

static void *call_back(size_t bytes)
{
    return malloc(bytes);
}

static void *load(void *number)
{
    for (long i = 0; i < scaled(150); i++) {
        void *library = dlopen(stress_argv[2 + (intptr_t)number], RTLD_NOW | RTLD_LOCAL);
        CHECK(library);
        void *(*work)(void *(*)(size_t), size_t) =
            (void *(*)(void *(*)(size_t), size_t))dlsym(library, "plugin_work");
        CHECK(work);
        void *p = work(call_back, 100 + (size_t)i);
        CHECK(p);
        free(p);
        CHECK(!dlclose(library));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t t[4];
    stress_begin(argc, argv);
    CHECK(argc >= 4);
    for (int i = 0; i < 4; i++)
        t[i] = start(allocate, (void *)(intptr_t)i);
    run_threads(2, load);
    atomic_store(&stopping, true);
    for (int i = 0; i < 4; i++)
        CHECK(!pthread_join(t[i], NULL));
    return stress_end();
}
