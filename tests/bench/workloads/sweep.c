// SPDX-License-Identifier: MIT
//
// A sweep of sizes: 8 bytes to 4 KiB up and down again, a window of 64 blocks alive. Finds what an
// allocator does at the borders of its classes.

#include "bench.h"

enum { WINDOW = 64, LARGEST = 4096 };

struct window {
    char *blocks[WINDOW];
    uint32_t at;
    uint64_t sum;
};

static NOINLINE char *block_new(uint32_t bytes)
{
    char *block = malloc(bytes);
    block[0] = (char)bytes;
    block[bytes - 1] = (char)(bytes >> 8);
    return block;
}

static NOINLINE void retire(struct window *window, uint32_t slot)
{
    char *old = window->blocks[slot];
    if (old)
        window->sum = mix(window->sum, (uint64_t)(uint8_t)old[0]);
    free(old);
    window->blocks[slot] = NULL;
}

static NOINLINE void step(struct window *window, uint32_t bytes)
{
    uint32_t slot = window->at++ % WINDOW;
    retire(window, slot);
    window->blocks[slot] = block_new(bytes);
}

static NOINLINE void upwards(struct window *window)
{
    for (uint32_t bytes = 8; bytes <= LARGEST; bytes += 1 + bytes / 64)
        step(window, bytes);
}

static NOINLINE void downwards(struct window *window)
{
    for (uint32_t bytes = LARGEST; bytes >= 8; bytes -= 1 + bytes / 64)
        step(window, bytes);
}

static NOINLINE void sweep(struct window *window)
{
    upwards(window);
    downwards(window);
}

int main(int argc, char **argv)
{
    struct window window = {{NULL}, 0, 0};
    for (long i = size_argument(argc, argv); i > 0; i--)
        sweep(&window);
    for (uint32_t i = 0; i < WINDOW; i++)
        retire(&window, i);
    return finish(window.sum);
}
