// SPDX-License-Identifier: MIT
//
// Two plugins take turns at the same addresses; their code is equal but for the size of a frame. The
// stacks of what is lost below each must reach main: rules of unwinding learned from the one must not
// be used for the other.
//
// PLUGIN: plugin.c
// LOSES: 40 bytes in 6 blocks
// THROUGH: main

#include "stress.h"

#include <dlfcn.h>

static NOINLINE void *lose(size_t bytes)
{
    hidden_malloc(bytes);
    return NULL;
}

static NOINLINE void turn(const char *path)
{
    void *library = dlopen(path, RTLD_NOW);
    CHECK(library);
    void *(*work)(void *(*)(size_t), size_t) =
        (void *(*)(void *(*)(size_t), size_t))dlsym(library, "plugin_work");
    CHECK(work);
    work(lose, 40);
    CHECK(!dlclose(library));
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    CHECK(argc >= 4);
    for (int i = 0; i < 6; i++)
        turn(argv[2 + i % 2]);
    return 0;
}
