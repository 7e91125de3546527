/* SPDX-License-Identifier: MIT
 *
 * mark.h with the options that say what a pointer is: unaligned, pointer_mask, interior. */
#include "../../preload/options.h"

#include <sys/mman.h>

#include "../../scanner/classify.h"
#include "../../scanner/flood.h"
#include "graph.h"

static struct mark mark;

static char *make(size_t bytes)
{
    char *p = alloc_new(bytes, 16, true, unit_frame);
    REQUIRE(p);
    return p;
}

static bool is_reachable(const void *p)
{
    struct block b;
    REQUIRE(alloc_find((uintptr_t)p, &b));
    return mark_is_reachable(&mark, b.slab, b.index);
}

static bool is_possible(const void *p)
{
    struct block b;
    REQUIRE(alloc_find((uintptr_t)p, &b));
    return mark_is_possible(&mark, b.slab, b.index);
}

static void begin(void)
{
    scratch_reset();
    flood_way = NULL;
    REQUIRE(mark_init(&mark, NULL));
}

/* At each byte of small and large blocks, their odd ends included. */
START_TEST(every_byte_of_blocks)
{
    static const size_t sizes[] = {8, 15, 36, 64, 70, 4100, 70000, 2 << 20};
    for (unsigned on = 0; on < 2; on++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            for (size_t n = 0; n < 40; n++) {
                char *p = make(sizes[i]);
                char *target = make(500);
                size_t most = sizes[i] - 8;
                size_t at = n < 20 ? n : most - (39 - n); /* at both ends */
                if (at > most)
                    at = most;
                memcpy(p + at, &target, 8);
                options.unaligned = on;
                begin();
                mark_word(&mark, (uintptr_t)p);
                mark_flood(&mark);
                REQUIRE_MSG(is_reachable(target) == (on || at % 8 == 0), "%zu of %zu", at,
                            sizes[i]);
                alloc_free(p, unit_frame);
                alloc_free(target, unit_frame);
            }
}
END_TEST

/* Roots are read in copies: a word may begin in one and end in the next. */
START_TEST(every_byte_of_roots)
{
    enum { BYTES = 80 << 10 };
    char *target = make(500);
    char *area = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int safe = 0; safe < 2; safe++)
        for (size_t i = 0; i < BYTES / 4096 * 10; i++) { /* round the borders of pages */
            size_t at = i < 10 ? i : i / 10 * 4096 - 8 + i % 10;
            memcpy(area + at, &target, 8);
            options.unaligned = true;
            begin();
            if (safe)
                mark_range_safe(&mark, (uintptr_t)area, (uintptr_t)area + BYTES);
            else
                mark_range(&mark, (uintptr_t)area, (uintptr_t)area + BYTES);
            mark_flood(&mark);
            REQUIRE_MSG(is_reachable(target), "%zu", at);
            memset(area + at, 0, 8);
        }
    munmap(area, BYTES);
}
END_TEST

START_TEST(tags)
{
    static const struct {
        uintptr_t mask, tag;
        bool found;
    } cases[] = {
        {0, 0, true},
        {0, (uintptr_t)0xab << 56, false},
        {0x00ffffffffffffff, (uintptr_t)0xab << 56, true},
        {0x00ffffffffffffff, (uintptr_t)1 << 55, false},
        {0x0000ffffffffffff, (uintptr_t)0xabcd << 48, true},
        {0xfffffffffffffff0, 9, true},
        {0x00007ffffffffff8, (uintptr_t)0x1ffff << 47 | 7, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uintptr_t *holder = (uintptr_t *)(void *)make(100);
        char *target = make(100);
        memset(target, 0xff, 100);
        uintptr_t holder_word = (uintptr_t)holder | cases[i].tag;
        *holder = (uintptr_t)target | cases[i].tag;
        options.pointer_mask = cases[i].mask;
        begin();
        mark_range(&mark, (uintptr_t)&holder_word, (uintptr_t)(&holder_word + 1));
        mark_flood(&mark);
        REQUIRE_MSG(is_reachable(holder) == cases[i].found, "%zu", i);
        REQUIRE_MSG(is_reachable(target) == cases[i].found, "%zu", i);
    }
}
END_TEST

static struct carried carried;
static uintptr_t leader;

static void hear(const struct block *b, enum loss_kind kind, struct carried c, void *arg)
{
    (void)arg;
    if (kind != LOSS_DEFINITE || b->begin != leader)
        return;
    carried = c;
}

/* What lost blocks point to is found in the same way. */
START_TEST(hidden_pointers_between_lost_blocks)
{
    char *first = make(100), *second = make(100), *third = make(100);
    uintptr_t tagged = (uintptr_t)third | (uintptr_t)0x5a << 56;
    memcpy(first + 13, &second, 8);
    memcpy(second + 16, &tagged, 8);
    leader = (uintptr_t)first;
    for (unsigned way = 0; way < 4; way++) {
        options.unaligned = way & 1;
        options.pointer_mask = way & 2 ? 0x00ffffffffffffff : UINTPTR_MAX;
        begin();
        mark_flood(&mark);
        carried = (struct carried){0, 0};
        REQUIRE(classify(&mark, hear, NULL));
        REQUIRE_MSG(carried.blocks == (way & 1) + (way == 3), "%u: %zu", way, carried.blocks);
    }
}
END_TEST

START_TEST(interior_pointers_as_the_option_says)
{
    for (uint32_t kind = INTERIOR_POSSIBLE; kind <= INTERIOR_REACHABLE; kind++) {
        char **p = (char **)(void *)make(100);
        char *q = make(100);
        *p = q + 33;
        options.interior = kind;
        begin();
        mark_word(&mark, (uintptr_t)p + 41);
        mark_flood(&mark);
        REQUIRE(is_reachable(p) == (kind == INTERIOR_REACHABLE));
        REQUIRE(is_reachable(q) == (kind == INTERIOR_REACHABLE));
        REQUIRE(is_possible(q) == (kind == INTERIOR_POSSIBLE));
    }
}
END_TEST

/* The table of the masked form is the plain one's, with every kind of graph. */
START_TEST(graphs_with_a_mask)
{
    static struct graph g;
    uint64_t seed = unit_seed(1380 + (uint64_t)_i);
    options.pointer_mask = 0x00ffffffffffffff;
    options.unaligned = _i % 2;
    flood_way = NULL;
    graph_init(&g, 60);
    graph_randomize(&g, &seed, 80, 4);
    graph_write(&g, &seed);
    graph_judge(&g);
    graph_mark(&g, NULL);
    graph_classify(&g);
    for (unsigned i = 0; i < g.nodes; i++)
        REQUIRE_MSG(g.told[i] == g.kind[i], "node %u", i);
}
END_TEST

Suite *suite_hidden(void)
{
    Suite *s = suite_create("hidden");
    TCase *c = unit_case(s, "hidden");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, every_byte_of_blocks);
    tcase_add_test(c, every_byte_of_roots);
    tcase_add_test(c, tags);
    tcase_add_test(c, hidden_pointers_between_lost_blocks);
    tcase_add_test(c, interior_pointers_as_the_option_says);
    tcase_add_loop_test(c, graphs_with_a_mask, 0, 8);
    return s;
}
