// SPDX-License-Identifier: MIT
//
// What this machine's memory allows: the simplest marker there is, over the same shapes as mark.c, as the
// yardstick of `make bench-mark`. `bare_mark SHAPE MEGABYTES` prints microseconds, bytes and blocks.
//
// One array of nodes of one size, a bitmap beside it, a stack of nodes to look through, and a ring of 32 whose
// memory was asked for. No roots, no size classes, no interior pointers, no records. The shape `data` is only
// read: the bandwidth of one thread.

#include "bench.h"

#include <sys/mman.h>
#include <time.h>

enum { RING = 32, LINE = 64 };

static char *base;
static size_t node_bytes, count;

static void *array_new(size_t bytes)
{
    size_t huge = (size_t)2 << 20;
    char *p = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        exit(2);
    p = (char *)(((uintptr_t)p + huge - 1) & ~(uintptr_t)(huge - 1));
    madvise(p, bytes, MADV_HUGEPAGE);
    return p;
}

static uint64_t *node_at(size_t i)
{
    return (uint64_t *)(base + i * node_bytes);
}

static void fill(void)
{
    for (size_t i = 0; i < count; i++)
        for (size_t word = 0; word < node_bytes / 8; word++)
            node_at(i)[word] = word * 3;
}

static void make_list(void)
{
    for (size_t i = 0; i + 1 < count; i++)
        node_at(i)[0] = (uint64_t)node_at(i + 1);
}

// Returns the root's number.
static size_t make_tree(void)
{
    uint64_t state = 88172645463325252u;
    uint32_t *order = array_new(count * sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (size_t i = count - 1; i > 0; i--) {
        size_t other = draw(&state) % (i + 1);
        uint32_t moving = order[i];
        order[i] = order[other];
        order[other] = moving;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t child = 0; child < 2; child++)
            if (2 * i + 1 + child < count)
                node_at(order[i])[child] = (uint64_t)node_at(order[2 * i + 1 + child]);
    size_t root = order[0];
    munmap(order, count * sizeof *order);
    return root;
}

static size_t mark(size_t root)
{
    uint64_t *marks = array_new(count / 8 + 64);
    uint64_t **stack = array_new(count * sizeof *stack);
    uint64_t *ring[RING];
    size_t top = 0, marked = 1;
    unsigned first = 0, waiting = 0;
    stack[top++] = node_at(root);
    marks[root / 64] |= (uint64_t)1 << root % 64;
    for (;;) {
        while (waiting < RING && top) {
            uint64_t *node = stack[--top];
            for (size_t at = 0; at < node_bytes; at += LINE)
                __builtin_prefetch((char *)node + at);
            ring[(first + waiting++) % RING] = node;
        }
        if (!waiting)
            return marked;
        const uint64_t *node = ring[first++ % RING];
        waiting--;
        for (size_t word = 0; word < node_bytes / 8; word++) {
            size_t offset = node[word] - (uintptr_t)base;
            if (offset >= count * node_bytes)
                continue;
            size_t i = offset / (node_bytes == 64 ? 64 : 1024); // constants: shifts
            uint64_t bit = (uint64_t)1 << i % 64;
            if (marks[i / 64] & bit)
                continue;
            marks[i / 64] |= bit;
            marked++;
            stack[top++] = node_at(i);
        }
    }
}

static size_t read_all(void)
{
    uint64_t sums[8] = {0};
    const uint64_t *words = node_at(0);
    for (size_t i = 0; i < count * node_bytes / 8; i += 8)
        for (size_t lane = 0; lane < 8; lane++)
            sums[lane] += words[i + lane];
    return sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
    const char *shape = argc == 3 ? argv[1] : "";
    size_t bytes = argc == 3 ? strtoul(argv[2], NULL, 10) << 20 : 0;
    if (!bytes || (strcmp(shape, "list") && strcmp(shape, "tree") && strcmp(shape, "kilo") && strcmp(shape, "data")))
        return fprintf(stderr, "usage: bare_mark list|tree|kilo|data MEGABYTES\n"), 2;
    node_bytes = !strcmp(shape, "kilo") ? 1024 : !strcmp(shape, "data") ? 65536 : 64;
    count = bytes / node_bytes;
    base = array_new(count * node_bytes);
    fill();
    size_t root = 0;
    if (!strcmp(shape, "list"))
        make_list();
    else if (strcmp(shape, "data"))
        root = make_tree();
    double begun = now_us();
    size_t found = strcmp(shape, "data") ? mark(root) : read_all() ? count : 0;
    printf("%.0f %zu %zu\n", now_us() - begun, count * node_bytes, found);
    return found == count ? 0 : 1;
}
