// SPDX-License-Identifier: MIT
//
// The shared object of plugins.c and plugin_stacks.c; FRAME is the size of its frame, so that two
// builds have the same code addresses but other rules of unwinding.

#include <stdlib.h>

#ifndef FRAME
#define FRAME 512
#endif

static char *kept;
static __thread char area[3000];

void *plugin_work(void *(*call_back)(size_t), size_t bytes);

__attribute__((constructor)) static void begin(void)
{
    kept = malloc(1000);
}

__attribute__((destructor)) static void end(void)
{
    free(kept);
}

void *plugin_work(void *(*call_back)(size_t), size_t bytes)
{
    volatile char frame[FRAME];
    frame[0] = 1;
    area[bytes % sizeof area] = 1;
    void *p = call_back(bytes);
    frame[1] = area[0];
    return p;
}
