// SPDX-License-Identifier: MIT
//
// Heaps for measuring the search for leaks: `mark SHAPE MEGABYTES` builds one and ends with all of it
// reachable. Not part of `make bench`; `make bench-mark` takes the speed from the library's `scan:`
// line.
//
//   list   64-byte nodes, each points to the next one allocated
//   tree   64-byte nodes, a binary tree over them in random order
//   kilo   the same tree of 1 KiB nodes, filled with numbers
//   data   blocks of 64 KiB without pointers
//   many   nodes of 16 to 512 bytes, each with one to four pointers to any other, some interior

#include "bench.h"

#include <sys/mman.h>

static void *root;

static void *array_new(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        exit(2);
    return p;
}

// malloc, so that the allocation has frames of its own.
static NOINLINE void *node_new(size_t bytes)
{
    uint64_t *words = malloc(bytes);
    if (!words)
        exit(2);
    for (size_t i = 0; i < bytes / 8; i++)
        words[i] = i * 3;
    return words;
}

static void shuffle(void **node, size_t count)
{
    uint64_t state = 88172645463325252u;
    for (size_t i = count - 1; i > 0; i--) {
        size_t other = draw(&state) % (i + 1);
        void *moving = node[i];
        node[i] = node[other];
        node[other] = moving;
    }
}

static void make_tree(size_t bytes, size_t count)
{
    void **node = array_new(count * sizeof *node);
    for (size_t i = 0; i < count; i++)
        node[i] = node_new(bytes);
    shuffle(node, count);
    for (size_t i = 0; i < count; i++)
        for (size_t child = 0; child < 2; child++)
            if (2 * i + 1 + child < count)
                ((void **)node[i])[child] = node[2 * i + 1 + child];
    root = node[0];
    munmap(node, count * sizeof *node); // else it is a root
}

static void make_list(size_t bytes, size_t count)
{
    void **last = (void **)&root;
    for (size_t i = 0; i < count; i++) {
        void **node = node_new(bytes);
        *last = node;
        last = node;
    }
    *last = NULL;
}

static void make_data(size_t bytes, size_t count)
{
    void **table = malloc(count * sizeof *table);
    for (size_t i = 0; i < count; i++)
        table[i] = node_new(bytes);
    root = table;
}

static void make_many(size_t count)
{
    uint64_t state = 1234567;
    void **node = array_new(count * sizeof *node);
    for (size_t i = 0; i < count; i++) {
        size_t bytes = 16u << draw_below(&state, 6);
        node[i] = node_new(bytes - draw_below(&state, 8));
    }
    shuffle(node, count);
    for (size_t i = 0; i < count; i++) {
        void **words = node[i];
        words[0] = node[(i + 1) % count];
        words[1] = (char *)node[draw_below(&state, (uint32_t)count)] + 8 * (draw(&state) % 4 == 0);
    }
    root = node[0];
    munmap(node, count * sizeof *node);
}

int main(int argc, char **argv)
{
    const char *shape = argc == 3 ? argv[1] : "";
    size_t bytes = argc == 3 ? strtoul(argv[2], NULL, 10) << 20 : 0;
    if (!strcmp(shape, "list") && bytes)
        make_list(64, bytes / 64);
    else if (!strcmp(shape, "tree") && bytes)
        make_tree(64, bytes / 64);
    else if (!strcmp(shape, "kilo") && bytes)
        make_tree(1024, bytes / 1024);
    else if (!strcmp(shape, "data") && bytes)
        make_data(65536, bytes / 65536);
    else if (!strcmp(shape, "many") && bytes)
        make_many(bytes / 168);
    else
        return fprintf(stderr, "usage: mark list|tree|kilo|data|many MEGABYTES\n"), 2;
    return 0;
}
