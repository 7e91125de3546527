/* SPDX-License-Identifier: MIT
 *
 * mark.h on graphs in real blocks: what is reachable, what is possible, and no other. The world
 * need not stand still: there is one thread.
 *
 * Over 600 lines because the same cases run for each way of looking through words. */
#include "../../scanner/flood.h"

#include <sys/mman.h>

#include "../../preload/cage.h"
#include "../../preload/trace.h"
#include "graph.h"

static struct mark mark;

static void *make(size_t bytes)
{
    void *p = alloc_new(bytes, 16, true, unit_frame);
    REQUIRE(p);
    return p;
}

static struct block block_at(const void *p)
{
    struct block b;
    REQUIRE(alloc_find((uintptr_t)p, &b));
    return b;
}

static bool is_reachable(const void *p)
{
    struct block b = block_at(p);
    return mark_is_reachable(&mark, b.slab, b.index);
}

static bool is_possible(const void *p)
{
    struct block b = block_at(p);
    return mark_is_possible(&mark, b.slab, b.index);
}

static bool is_marked(const void *p)
{
    return is_reachable(p) || is_possible(p);
}

/* Marks from one word. */
static void mark_from(const void *root)
{
    scratch_reset();
    REQUIRE(mark_init(&mark, NULL));
    mark_word(&mark, (uintptr_t)root);
    mark_flood(&mark);
}

START_TEST(a_block_is_found_by_its_start)
{
    void *p = make(100), *q = make(100);
    mark_from(p);
    ck_assert(is_reachable(p));
    ck_assert(!is_marked(q));
}
END_TEST

START_TEST(every_interior_byte_makes_possible)
{
    static const size_t sizes[] = {24, 100, 3000, 40000};
    for (int i = 0; i < 4; i++) {
        char *p = make(sizes[i]);
        memset(p, 0xff, sizes[i]); /* nothing that a heuristic could know */
        for (size_t at = 1; at < sizes[i]; at += 1 + at / 8) {
            mark_from(p + at);
            ck_assert_msg(is_possible(p) && !is_reachable(p), "%zu of %zu", at, sizes[i]);
        }
        mark_from(p + sizes[i]);
        ck_assert(!is_marked(p));
        mark_from(p - 1);
        ck_assert(!is_marked(p));
    }
}
END_TEST

START_TEST(blocks_of_no_bytes)
{
    char *p = make(0);
    mark_from(p);
    ck_assert(is_reachable(p));
    mark_from(p + 1);
    ck_assert(!is_marked(p));
}
END_TEST

/* C++ `new T[0]` of a class with a destructor: a count of zero, and the program keeps the end. */
START_TEST(one_past_the_end_of_an_empty_array)
{
    uint64_t *empty = make(8);
    mark_from(empty + 1);
    ck_assert(is_reachable(empty));
    *empty = 1;
    mark_from(empty + 1);
    ck_assert(!is_marked(empty));
    uint64_t *two = make(16);
    mark_from(two + 2);
    ck_assert(!is_marked(two));
}
END_TEST

START_TEST(only_aligned_words_of_the_requested_size_count)
{
    for (size_t at = 0; at + 8 <= 64; at++) {
        void *target = make(500);
        char *p = make(64);
        memcpy(p + at, &target, 8);
        mark_from(p);
        ck_assert_msg(is_reachable(target) == (at % 8 == 0), "%zu", at);
    }
    for (size_t bytes = 8; bytes < 40; bytes++) { /* the last word of 8 to 39 bytes */
        void *target = make(500);
        char *p = make(bytes);
        memcpy(p + bytes / 8 * 8 - 8, &target, 8);
        mark_from(p);
        ck_assert(is_reachable(target));
    }
    void *target = make(500); /* behind the requested size there is no program data */
    char *p = make(36);
    memcpy(p + 32, &target, 8);
    mark_from(p);
    ck_assert(!is_marked(target));
}
END_TEST

/* Neighbours in a slab whose lengths differ: each counts to its own end, whatever most of them have. */
START_TEST(lengths_of_neighbours)
{
    enum { BLOCKS = 3000, SLOT_WORDS_MOST = 160 };
    static void *block[BLOCKS], *target[BLOCKS][SLOT_WORDS_MOST];
    static const size_t slots[] = {16, 32, 48, 64, 192, 1024, 1280};
    for (size_t n = 0; n < 7; n++)
        for (size_t usual = 0; usual < 3; usual++) {
            static size_t bytes[BLOCKS];
            size_t slot = slots[n], words = slot / 8, blocks = slot == 16 ? BLOCKS : 40;
            for (size_t i = 0; i < blocks; i++) {
                size_t slack = i % 3 ? usual * 7 : i % 16;
                bytes[i] = slot > slack ? slot - slack : 1;
                block[i] = make(bytes[i]);
                REQUIRE(block_at(block[i]).slab->slot_bytes == slot);
            }
            for (size_t i = 0; i < blocks; i++)
                for (size_t w = 0; w < words; w++)
                    ((void **)block[i])[w] = target[i][w] = make(2000);
            scratch_reset();
            REQUIRE(mark_init(&mark, NULL));
            mark_range(&mark, (uintptr_t)block, (uintptr_t)(block + blocks));
            mark_flood(&mark);
            for (size_t i = 0; i < blocks; i++)
                for (size_t w = 0; w < words; w++)
                    REQUIRE_MSG(is_reachable(target[i][w]) == (8 * w + 8 <= bytes[i]),
                                "word %zu of %zu bytes in %zu", w, bytes[i], slot);
            for (size_t i = 0; i < blocks; i++)
                alloc_free(block[i], unit_frame);
        }
}
END_TEST

START_TEST(words_that_are_no_pointers)
{
    void *p = make(100);
    uintptr_t words[] = {0,
                         1,
                         UINTPTR_MAX,
                         (uintptr_t)&p,
                         space.cage.begin,
                         space.cage.ready - 1,
                         space.cage.ready,
                         space.cage.end,
                         space.meta.begin,
                         ~(uintptr_t)p};
    REQUIRE(mark_init(&mark, NULL));
    mark_range(&mark, (uintptr_t)words, (uintptr_t)(words + 10));
    mark_flood(&mark);
    ck_assert(!is_marked(p));
}
END_TEST

START_TEST(freed_blocks_are_not_followed)
{
    void **p = make(100), *q = make(100);
    *p = q;
    alloc_free(p, unit_frame);
    mark_from(p);
    ck_assert(!is_marked(q));
}
END_TEST

/* [begin, end) at any alignment: whole aligned words inside it. */
START_TEST(range_edges)
{
    void *p = make(100);
    uintptr_t words[3] = {0, (uintptr_t)p, 0};
    uintptr_t at = (uintptr_t)&words[1];
    for (int before = -8; before <= 8; before++)
        for (int after = -8; after <= 8; after++) {
            uintptr_t begin = at - 8 + (uintptr_t)(before + 8), end = at + 8 + (uintptr_t)after;
            bool inside = begin <= at && end >= at + 8;
            if (begin > end)
                continue;
            for (int safe = 0; safe < 2; safe++) {
                scratch_reset();
                REQUIRE(mark_init(&mark, NULL));
                if (safe)
                    mark_range_safe(&mark, begin, end);
                else
                    mark_range(&mark, begin, end);
                mark_flood(&mark);
                ck_assert_msg(is_marked(p) == inside, "%d %d %d", before, after, safe);
            }
        }
}
END_TEST

START_TEST(unreadable_roots_are_passed_over)
{
    enum { PAGES = 12 };
    void *p[PAGES];
    char *area =
        mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < PAGES; i++) {
        p[i] = make(100);
        *(void **)(area + i * 4096 + (i % 2 ? 0 : 4088)) = p[i];
    }
    mprotect(area + 3 * 4096, 4096, PROT_NONE);
    munmap(area + 7 * 4096, 2 * 4096);
    REQUIRE(mark_init(&mark, NULL));
    mark_range_safe(&mark, (uintptr_t)area, (uintptr_t)area + PAGES * 4096);
    mark_flood(&mark);
    for (int i = 0; i < PAGES; i++)
        ck_assert_msg(is_reachable(p[i]) == (i != 3 && i != 7 && i != 8), "page %d", i);
}
END_TEST

START_TEST(long_list_needs_no_stack)
{
    enum { COUNT = 300000 };
    static void *node[COUNT];
    for (int i = 0; i < COUNT; i++) {
        node[i] = make(16);
        if (i)
            *(void **)node[i - 1] = node[i];
    }
    mark_from(node[0]);
    for (int i = 0; i < COUNT; i++)
        REQUIRE(is_reachable(node[i]));
    mark_from(node[COUNT / 2]);
    for (int i = 0; i < COUNT; i++)
        REQUIRE(is_reachable(node[i]) == (i >= COUNT / 2));
}
END_TEST

/* A fan as wide as the worklist can get, several times in a row. */
START_TEST(wide_fans)
{
    enum { COUNT = 50000, LAYERS = 4 };
    static void *leaf[LAYERS][COUNT];
    void **hub[LAYERS];
    for (int l = 0; l < LAYERS; l++) {
        hub[l] = make((COUNT + 1) * sizeof(void *));
        for (int i = 0; i < COUNT; i++)
            hub[l][i] = leaf[l][i] = make(16);
        if (l)
            hub[l - 1][COUNT] = hub[l];
    }
    mark_from(hub[0]);
    ck_assert(!mark.failed);
    for (int l = 0; l < LAYERS; l++)
        for (int i = 0; i < COUNT; i++)
            REQUIRE(is_reachable(leaf[l][i]));
}
END_TEST

/* More pointers than may wait, every other one to the middle: what they lead to, and what that leads to. */
START_TEST(more_pointers_than_may_wait)
{
    enum { COUNT = 1200000, TARGETS = 1000 };
    static void **target[TARGETS], *behind[TARGETS];
    void **all = make(COUNT * sizeof *all);
    for (int i = 0; i < TARGETS; i++) {
        target[i] = make(100);
        target[i][1] = behind[i] = make(20);
    }
    for (int i = 0; i < COUNT; i++) {
        int to = i / (COUNT / TARGETS);
        all[i] = (char *)target[to] + (to % 2 ? 8 : 0);
    }
    mark_from(all);
    for (int i = 0; i < TARGETS; i++) {
        REQUIRE(is_reachable(target[i]) == !(i % 2) && is_reachable(behind[i]) == !(i % 2));
        REQUIRE(is_possible(target[i]) == i % 2 && is_possible(behind[i]) == i % 2);
    }
}
END_TEST

/* A block that is possible first and reachable later hands on the better news. */
START_TEST(possible_becomes_reachable)
{
    void **a = make(100), **b = make(100), **c = make(100), *d = make(100);
    *a = (char *)b + 33;
    *b = c;
    *c = d;
    mark_from(a);
    ck_assert(is_reachable(a));
    ck_assert(is_possible(b) && !is_reachable(b));
    ck_assert(is_possible(c) && !is_reachable(c) && is_possible(d) && !is_reachable(d));
    mark_word(&mark, (uintptr_t)b);
    mark_flood(&mark);
    ck_assert(is_reachable(b) && is_reachable(c) && is_reachable(d));
}
END_TEST

START_TEST(mark_block_with_and_without_contents)
{
    void **p = make(100), *q = make(100);
    *p = q;
    for (int scan = 0; scan < 2; scan++) {
        struct block b = block_at(p);
        scratch_reset();
        REQUIRE(mark_init(&mark, NULL));
        mark_block(&mark, &b, scan);
        mark_flood(&mark);
        ck_assert(is_reachable(p));
        ck_assert_int_eq(is_reachable(q), scan);
    }
}
END_TEST

/* --- Large and awkward blocks ----------------------------------------------------------------- */

static size_t count_resident(char *p, size_t bytes)
{
    unsigned char *in = malloc(bytes / 4096);
    size_t count = 0;
    REQUIRE(mincore(p, bytes, in) == 0);
    for (size_t i = 0; i < bytes / 4096; i++)
        count += in[i] & 1;
    free(in);
    return count;
}

/* A huge block of which little was touched: found, without touching the rest. */
START_TEST(sparse_blocks)
{
    size_t bytes = (size_t)256 << 20;
    void *a = make(50), *b = make(50), *c = make(50);
    char *p = alloc_new(bytes, 16, false, unit_frame);
    *(void **)p = a;
    *(void **)(p + bytes / 2) = b;
    *(void **)(p + bytes - 8) = c;
    size_t before = count_resident(p, bytes);
    maps_present_open();
    mark_from(p);
    maps_present_close();
    ck_assert(is_reachable(a) && is_reachable(b) && is_reachable(c));
    ck_assert_uint_eq(count_resident(p, bytes), before);
}
END_TEST

/* The program took access from pages of its own block. */
START_TEST(blocks_with_holes)
{
    static const size_t sizes[] = {200000, 4 << 20};
    for (int i = 0; i < 2; i++) {
        void *a = make(50), *b = make(50), *hidden = make(50), *c = make(50);
        char *p = make(sizes[i]);
        struct maps maps;
        char *hole = (char *)(((uintptr_t)p + 8192) & ~(uintptr_t)4095);
        *(void **)p = a;
        *(void **)(hole - 8) = b;
        *(void **)hole = hidden;
        *(void **)(hole + 4096) = c;
        REQUIRE(mprotect(hole, 4096, PROT_NONE) == 0);
        scratch_reset();
        maps_present_open();
        REQUIRE(maps_read(&maps));
        REQUIRE(mark_init(&mark, &maps));
        mark_word(&mark, (uintptr_t)p);
        mark_flood(&mark);
        maps_present_close();
        ck_assert(is_reachable(a) && is_reachable(b) && is_reachable(c));
        ck_assert(!is_marked(hidden));
        REQUIRE(mprotect(hole, 4096, PROT_READ | PROT_WRITE) == 0);
    }
}
END_TEST

/* --- Graphs ----------------------------------------------------------------------------------- */

static struct graph graph;

static void check_marks(const struct graph *g)
{
    mark = g->mark;
    for (unsigned i = 0; i < g->nodes; i++) {
        const void *p = (const void *)g->node[i];
        REQUIRE_MSG(is_reachable(p) == (g->kind[i] == LOSS_REACHABLE), "node %u", i);
        REQUIRE_MSG(is_marked(p) == (g->kind[i] == LOSS_REACHABLE || g->kind[i] == LOSS_POSSIBLE),
                    "node %u", i);
    }
}

START_TEST(random_graphs)
{
    uint64_t seed = unit_seed((uint64_t)_i + 1300);
    graph_init(&graph, 10 + (unsigned)unit_below(&seed, NODES_MOST - 10));
    for (int round = 0; round < 10; round++) {
        unsigned edges = (unsigned)unit_below(&seed, 3 * graph.nodes);
        graph_randomize(&graph, &seed, edges, 1 + (unsigned)unit_below(&seed, 6));
        graph_write(&graph, &seed);
        graph_judge(&graph);
        scratch_reset();
        graph_mark(&graph, NULL);
        check_marks(&graph);
    }
}
END_TEST

/* I12: one more root, and whatever was reachable or possible still is. */
START_TEST(a_root_more_never_adds_a_leak)
{
    uint64_t seed = unit_seed(1350);
    static enum loss_kind before[NODES_MOST];
    graph_init(&graph, 60);
    graph_randomize(&graph, &seed, 100, 2);
    for (int round = 0; round < 30; round++) {
        graph_write(&graph, &seed);
        graph_judge(&graph);
        scratch_reset();
        graph_mark(&graph, NULL);
        check_marks(&graph);
        for (unsigned i = 0; round && i < graph.nodes; i++)
            REQUIRE(graph.kind[i] >= before[i] || before[i] < LOSS_POSSIBLE);
        memcpy(before, graph.kind, sizeof before);
        unsigned more = (unsigned)unit_below(&seed, graph.nodes);
        graph.root[more] = graph.root[more] == START || unit_below(&seed, 2) ? START : INTERIOR;
    }
}
END_TEST

/* Every slot has a mark of its own: neighbours in a full slab and across slabs, of all classes. */
START_TEST(marks_of_neighbours)
{
    enum { COUNT = 20000 };
    static void *p[COUNT];
    static const size_t sizes[] = {16, 48, 1000, 30000};
    for (int i = 0; i < 4; i++) {
        int count = sizes[i] == 16 ? COUNT : 200;
        for (int n = 0; n < count; n++)
            p[n] = make(sizes[i]);
        REQUIRE(mark_init(&mark, NULL));
        for (int n = 0; n < count; n += 3)
            mark_word(&mark, (uintptr_t)p[n]);
        mark_flood(&mark);
        for (int n = 0; n < count; n++)
            REQUIRE_MSG(is_marked(p[n]) == (n % 3 == 0), "%zu: %d", sizes[i], n);
    }
}
END_TEST

/* Where the heap has grown since, nothing is known: no leak. */
START_TEST(blocks_that_are_born_meanwhile)
{
    void *before = make(100);
    REQUIRE(mark_init(&mark, NULL));
    make((size_t)256 << 20);
    void *after = make((size_t)256 << 20);
    mark_word(&mark, (uintptr_t)after);
    mark_flood(&mark);
    ck_assert(is_reachable(after));
    ck_assert(!is_marked(before));
}
END_TEST

static size_t walked;
static uintptr_t last;

static void walk(const struct block *b, void *arg)
{
    REQUIRE(b->begin > last && record_is_live(b->record));
    last = b->begin;
    walked += *(size_t *)arg;
}

START_TEST(each_block_once_in_ascending_order)
{
    static void *p[3000];
    size_t one = 1;
    uint64_t seed = unit_seed(1360);
    size_t live = 0;
    for (int i = 0; i < 3000; i++)
        p[i] = make(unit_below(&seed, i % 50 ? 1000 : 200000));
    for (int i = 0; i < 3000; i++)
        if (unit_below(&seed, 3))
            alloc_free(p[i], unit_frame);
        else
            live++;
    mark_each_block(walk, &one);
    ck_assert_uint_eq(walked, live);
}
END_TEST

START_TEST(no_memory_for_marks)
{
    for (int i = 0; i < 1000; i++)
        make(100);
    stub_allow_left = 0;
    ck_assert(!mark_init(&mark, NULL));
}
END_TEST

/* Everything by each way that this processor can go, from the fastest to the plain one. */
static void choose(int nth)
{
    flood_way = flood_next(NULL);
    while (nth-- > 0 && flood_next(flood_way))
        flood_way = flood_next(flood_way);
}

static void choose_second(void)
{
    choose(1);
}

static void choose_third(void)
{
    choose(2);
}

/* Hits at each place of runs of each length; and each filter finds the same in random words. */
START_TEST(every_place_in_a_run)
{
    enum { WORDS = 70 };
    void *p = make(100), *q = make(100);
    for (size_t length = 1; length <= WORDS; length++)
        for (size_t at = 0; at < length; at++) {
            uintptr_t words[WORDS + 2] = {0};
            words[0] = words[length + 1] = (uintptr_t)q;
            words[at + 1] = (uintptr_t)p;
            scratch_reset();
            REQUIRE(mark_init(&mark, NULL));
            mark_range(&mark, (uintptr_t)(words + 1), (uintptr_t)(words + 1 + length));
            mark_flood(&mark);
            REQUIRE_MSG(is_reachable(p) && !is_marked(q), "%zu of %zu", at, length);
        }
}
END_TEST

START_TEST(hits_one_upon_the_other)
{
    enum { WORDS = 5000 };
    static void *node[WORDS];
    void **all = make(WORDS * sizeof *all);
    uint64_t seed = unit_seed(1370);
    for (unsigned share = 1; share < 40; share += 6) {
        for (int i = 0; i < WORDS; i++) {
            node[i] = make(20);
            all[i] = unit_below(&seed, share) ? (void *)(uintptr_t)i : node[i];
        }
        scratch_reset();
        mark_from(all);
        for (int i = 0; i < WORDS; i++)
            REQUIRE_MSG(is_reachable(node[i]) == (all[i] == node[i]), "%d", i);
    }
}
END_TEST

START_TEST(the_plain_way_is_the_last)
{
    choose(100);
    ck_assert_ptr_eq(flood_way, &flood_plain);
}
END_TEST

static void add_shared_tests(TCase *c, void (*choose_way)(void))
{
    tcase_add_checked_fixture(c, unit_alive, NULL);
    if (choose_way)
        tcase_add_checked_fixture(c, choose_way, NULL);
    tcase_add_test(c, a_block_is_found_by_its_start);
    tcase_add_test(c, every_interior_byte_makes_possible);
    tcase_add_test(c, blocks_of_no_bytes);
    tcase_add_test(c, one_past_the_end_of_an_empty_array);
    tcase_add_test(c, only_aligned_words_of_the_requested_size_count);
    tcase_add_test(c, lengths_of_neighbours);
    tcase_add_test(c, words_that_are_no_pointers);
    tcase_add_test(c, freed_blocks_are_not_followed);
    tcase_add_test(c, range_edges);
    tcase_add_test(c, unreadable_roots_are_passed_over);
    tcase_add_test(c, long_list_needs_no_stack);
    tcase_add_test(c, wide_fans);
    tcase_add_test(c, more_pointers_than_may_wait);
    tcase_add_test(c, possible_becomes_reachable);
    tcase_add_test(c, mark_block_with_and_without_contents);
    tcase_add_test(c, sparse_blocks);
    tcase_add_test(c, blocks_with_holes);
    tcase_add_test(c, marks_of_neighbours);
    tcase_add_test(c, every_place_in_a_run);
    tcase_add_test(c, hits_one_upon_the_other);
    tcase_add_loop_test(c, random_graphs, 0, 20);
    tcase_add_test(c, a_root_more_never_adds_a_leak);
}

Suite *suite_mark(void)
{
    Suite *s = suite_create("mark");
    add_shared_tests(unit_case(s, "mark"), NULL);
    add_shared_tests(unit_case(s, "mark_second_way"), choose_second);
    add_shared_tests(unit_case(s, "mark_third_way"), choose_third);
    TCase *c = unit_case(s, "mark_all");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, the_plain_way_is_the_last);
    tcase_add_test(c, blocks_that_are_born_meanwhile);
    tcase_add_test(c, each_block_once_in_ascending_order);
    tcase_add_test(c, no_memory_for_marks);
    return s;
}
