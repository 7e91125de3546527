// SPDX-License-Identifier: MIT
//
// A random graph of blocks from a seed: pointers to starts, into blocks, to themselves, near misses
// (one past the end, unaligned, in the last partial word), some rooted in globals, thread-local
// storage, mappings, registers' owners: the stack of a thread that waits. What must be lost follows
// from the model by brute force, straight from the definitions and by other algorithms than the
// library's:
//
//   reachable   there is a path of start pointers from a root
//   possible    not reachable, but there is a path of any pointers from a root
//   leader      (definite) unreached, first by address in a strongly connected component that no
//               unreached block outside it points into
//   indirect    the other unreached blocks
//
//   graph SEED [root kinds switched off: globals,tls,mapped,stacks]
//
// Prints four lines `KIND BYTES BLOCKS`. The model lives in shared memory, which is no root.

#include "../stress/stress.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { NODES_MOST = 160, WORDS_MOST = 12, PLACES = 6 };
enum kind { DEFINITE, INDIRECT, POSSIBLE, REACHABLE, KINDS };
static const char *const kind_names[KINDS] = {"definite", "indirect", "possible", "reachable"};

struct node {
    uintptr_t hidden;
    size_t bytes;
    bool start_root, inner_root;                /* a root holds a pointer to its start, into it */
    bool starts[NODES_MOST], inner[NODES_MOST]; /* pointers to others */
};

static struct model {
    size_t nodes;
    struct node node[NODES_MOST];
    bool path_start[NODES_MOST], path_any[NODES_MOST]; /* from a root */
    bool reaches[NODES_MOST][NODES_MOST];              /* among the unreached */
} * model;

static void *global[PLACES];
static __thread void *local[PLACES];
static void **mapped;
static _Atomic(bool) parked;
static struct dice dice;

static void *address(const struct node *n)
{
    return reveal(n->hidden);
}

static size_t contents(size_t bytes)
{
    return bytes ? bytes : 1;
}

/* A pointer to n of a random shape; tells which it is: 0 none, 1 start, 2 inner. */
static int shape(const struct node *n, uintptr_t *ret_word)
{
    uintptr_t at = (uintptr_t)address(n);
    switch (roll(&dice) % 8) {
    case 0:
    case 1:
        if (contents(n->bytes) > 1) {
            *ret_word = at + 1 + roll(&dice) % (contents(n->bytes) - 1);
            return 2;
        } /* fallthrough */
    default:
        *ret_word = at;
        return 1;
    }
}

/* A random pointer in word `slot` of block `from`. */
static void point(struct node *from, size_t slot, size_t to)
{
    uintptr_t word;
    struct node *n = &model->node[to];
    int kind = shape(n, &word);
    if (roll(&dice) % 16 ==
        0) /* a near miss: shifted by four bytes, so that no aligned word has it */
    {
        if (slot * 8 + 12 <= from->bytes)
            memcpy((char *)address(from) + slot * 8 + 4, &word, 8);
        return;
    }
    ((uintptr_t *)address(from))[slot] = word;
    if (kind == 1)
        from->starts[to] = true;
    else
        from->inner[to] = true;
}

static NOINLINE void make_nodes(void)
{
    model->nodes = 1 + roll(&dice) % NODES_MOST;
    for (size_t i = 0; i < model->nodes; i++) {
        struct node *n = &model->node[i];
        n->bytes = roll(&dice) % (WORDS_MOST * 8);
        if (roll(&dice) % 32 == 0)
            n->bytes = 40000 + roll(&dice) % 2000000;
        void *p = calloc(1, n->bytes);
        CHECK(p);
        n->hidden = hide(p);
    }
}

static NOINLINE void make_edges(void)
{
    size_t density = 1 + roll(&dice) % 4;
    for (size_t i = 0; i < model->nodes; i++) {
        struct node *n = &model->node[i];
        size_t words = n->bytes / 8 < WORDS_MOST ? n->bytes / 8 : WORDS_MOST;
        for (size_t w = 0; w < words; w += 2) /* every other word: near misses need room */
            if (roll(&dice) % 4 < density)
                point(n, w, roll(&dice) % model->nodes);
    }
}

/* Makes a root of a random kind hold a pointer to the node; `counts`: that kind is searched. */
static NOINLINE void root(void **place, const char *off, const char *kind)
{
    for (size_t i = 0; i < PLACES; i++) {
        if (roll(&dice) % 2)
            continue;
        struct node *n = &model->node[roll(&dice) % model->nodes];
        uintptr_t word;
        int found = shape(n, &word);
        place[i] = (void *)word;
        if (strstr(off, kind))
            continue;
        if (found == 1)
            n->start_root = true;
        else
            n->inner_root = true;
    }
}

/* A thread that waits, with roots on its stack. */
static void *park(void *off)
{
    void *volatile mine[PLACES] = {0};
    root((void **)mine, off, "stacks");
    clobber();
    atomic_store(&parked, true);
    for (;;)
        pause();
    use((void *)mine);
    return NULL;
}

/* --- The answer, by brute force -------------------------------------------------------------------- */

static void find_paths(void)
{
    for (size_t i = 0; i < model->nodes; i++) {
        model->path_start[i] = model->node[i].start_root;
        model->path_any[i] = model->node[i].start_root || model->node[i].inner_root;
    }
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < model->nodes; i++)
            for (size_t j = 0; j < model->nodes; j++) {
                const struct node *n = &model->node[i];
                bool any = n->starts[j] || n->inner[j];
                if (model->path_start[i] && n->starts[j] && !model->path_start[j])
                    again = model->path_start[j] = true;
                if ((model->path_any[i] || model->path_start[i]) && any && !model->path_any[j])
                    again = model->path_any[j] = true;
            }
    }
}

static bool is_unreached(size_t i)
{
    return !model->path_start[i] && !model->path_any[i];
}

/* Warshall's closure over the unreached. */
static void close_over(void)
{
    for (size_t i = 0; i < model->nodes; i++)
        for (size_t j = 0; j < model->nodes; j++)
            model->reaches[i][j] = is_unreached(i) && is_unreached(j) &&
                                   (model->node[i].starts[j] || model->node[i].inner[j]);
    for (size_t k = 0; k < model->nodes; k++)
        for (size_t i = 0; i < model->nodes; i++)
            for (size_t j = 0; model->reaches[i][k] && j < model->nodes; j++)
                model->reaches[i][j] |= model->reaches[k][j];
}

static bool is_leader(size_t i)
{
    for (size_t j = 0; j < model->nodes; j++) {
        if (j == i || !model->reaches[j][i])
            continue;
        if (!model->reaches[i][j])
            return false; /* from outside of the component */
        if (address(&model->node[j]) < address(&model->node[i]))
            return false;
    }
    return true;
}

static enum kind kind_of(size_t i)
{
    if (model->path_start[i])
        return REACHABLE;
    if (model->path_any[i])
        return POSSIBLE;
    return is_leader(i) ? DEFINITE : INDIRECT;
}

static NOINLINE void tell(void)
{
    size_t bytes[KINDS] = {0}, blocks[KINDS] = {0};
    find_paths();
    close_over();
    for (size_t i = 0; i < model->nodes; i++) {
        bytes[kind_of(i)] += model->node[i].bytes;
        blocks[kind_of(i)]++;
    }
    for (int k = 0; k < KINDS; k++)
        dprintf(1, "%s %zu %zu\n", kind_names[k], bytes[k], blocks[k]);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char *off = argv[2];
    dice = dice_of(strtoull(argv[1], NULL, 10));
    model = mmap(NULL, sizeof *model, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(model != MAP_FAILED && (void *)mapped != MAP_FAILED);
    make_nodes();
    make_edges();
    root(global, off, "globals");
    root(local, off, "tls");
    root(mapped, off, "mapped");
    if (roll(&dice) % 2) {
        start(park, off);
        while (!atomic_load(&parked))
            usleep(100);
    }
    use(global);
    use(local);
    tell();
    return 0;
}
