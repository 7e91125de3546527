/* SPDX-License-Identifier: MIT
 *
 * classify.h: memcheck's nine shapes, cycles, shared blocks, and random graphs against graph.c. */
#include "../../scanner/classify.h"

#include "../../preload/space.h"
#include "graph.h"

static struct graph graph;

static void run(uint64_t *seed)
{
    graph_write(&graph, seed);
    graph_judge(&graph);
    scratch_reset();
    graph_mark(&graph, NULL);
    graph_classify(&graph);
}

static void check(void)
{
    for (unsigned i = 0; i < graph.nodes; i++) {
        REQUIRE_MSG(graph.told[i] == graph.kind[i], "node %u: %s, not %s", i,
                    loss_kind_name(graph.told[i]), loss_kind_name(graph.kind[i]));
        REQUIRE_MSG(graph.told_carried[i].blocks == graph.carried[i].blocks &&
                        graph.told_carried[i].bytes == graph.carried[i].bytes,
                    "node %u: %zu, not %zu", i, graph.told_carried[i].blocks,
                    graph.carried[i].blocks);
    }
}

/* AAA is one block, BBB another; in both orders of address. */
START_TEST(nine_shapes)
{
    static const struct {
        enum edge root_a, root_b, a_to_b;
        enum loss_kind a, b;
    } shapes[] = {
        {NO_EDGE, START, NO_EDGE, LOSS_DEFINITE, LOSS_REACHABLE},    /* 1 (AAA stands alone) */
        {START, NO_EDGE, START, LOSS_REACHABLE, LOSS_REACHABLE},     /* 2 */
        {NO_EDGE, NO_EDGE, NO_EDGE, LOSS_DEFINITE, LOSS_DEFINITE},   /* 3 */
        {NO_EDGE, NO_EDGE, START, LOSS_DEFINITE, LOSS_INDIRECT},     /* 4 */
        {NO_EDGE, INTERIOR, NO_EDGE, LOSS_DEFINITE, LOSS_POSSIBLE},  /* 5 */
        {START, NO_EDGE, INTERIOR, LOSS_REACHABLE, LOSS_POSSIBLE},   /* 6 */
        {INTERIOR, NO_EDGE, START, LOSS_POSSIBLE, LOSS_POSSIBLE},    /* 7 */
        {INTERIOR, NO_EDGE, INTERIOR, LOSS_POSSIBLE, LOSS_POSSIBLE}, /* 8 */
        {NO_EDGE, NO_EDGE, INTERIOR, LOSS_DEFINITE, LOSS_INDIRECT},  /* 9 */
    };
    uint64_t seed = unit_seed(1400);
    for (unsigned swap = 0; swap < 2; swap++)
        for (unsigned i = 0; i < 9; i++) {
            unsigned a = swap, b = !swap;
            graph_init(&graph, 2);
            graph.root[a] = shapes[i].root_a;
            graph.root[b] = shapes[i].root_b;
            graph.edge[a][b] = shapes[i].a_to_b;
            run(&seed);
            ck_assert_msg(graph.told[a] == shapes[i].a, "shape %u, AAA", i + 1);
            ck_assert_msg(graph.told[b] == shapes[i].b, "shape %u, BBB", i + 1);
            bool carries = graph.told[b] == LOSS_INDIRECT;
            ck_assert_uint_eq(graph.told_carried[a].blocks, carries);
            ck_assert_uint_eq(graph.told_carried[a].bytes, carries ? graph.bytes[b] : 0);
            ck_assert_uint_eq(graph.told_carried[b].blocks, 0);
            check(); /* so the oracle agrees with the table */
        }
}
END_TEST

START_TEST(a_pointer_to_itself_does_not_count)
{
    uint64_t seed = unit_seed(1401);
    graph_init(&graph, 2);
    graph.edge[0][0] = START;
    graph.edge[1][1] = INTERIOR;
    run(&seed);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(graph.told[i], LOSS_DEFINITE);
        ck_assert_uint_eq(graph.told_carried[i].blocks, 0);
    }
}
END_TEST

/* A ring has one leader: the lowest address, wherever it is entered from inside. */
START_TEST(rings)
{
    uint64_t seed = unit_seed(1402);
    for (unsigned n = 2; n <= 30; n += 4)
        for (unsigned step = 1; step < n; step += 2) {
            graph_init(&graph, n);
            for (unsigned i = 0; i < n; i++)
                graph.edge[i][(i + 1) % n] = START;
            graph.edge[n - 1][step] = INTERIOR;
            run(&seed);
            ck_assert_int_eq(graph.told[0], LOSS_DEFINITE);
            ck_assert_uint_eq(graph.told_carried[0].blocks, n - 1);
            for (unsigned i = 1; i < n; i++)
                ck_assert_int_eq(graph.told[i], LOSS_INDIRECT);
            check();
        }
}
END_TEST

/* Two rings, the higher one points into the lower one: the lower one has no leader. */
START_TEST(rings_in_a_row)
{
    uint64_t seed = unit_seed(1403);
    for (unsigned to = 0; to < 3; to++) {
        graph_init(&graph, 6);
        for (unsigned i = 0; i < 3; i++) {
            graph.edge[i][(i + 1) % 3] = START;
            graph.edge[3 + i][3 + (i + 1) % 3] = START;
        }
        graph.edge[4][to] = START;
        run(&seed);
        ck_assert_int_eq(graph.told[3], LOSS_DEFINITE);
        ck_assert_uint_eq(graph.told_carried[3].blocks, 5);
        for (unsigned i = 0; i < 6; i++)
            ck_assert_int_eq(graph.told[i], i == 3 ? LOSS_DEFINITE : LOSS_INDIRECT);
    }
}
END_TEST

START_TEST(shared_blocks_count_for_the_higher_leader)
{
    uint64_t seed = unit_seed(1404);
    graph_init(&graph, 4);
    graph.edge[0][2] = START; /* both own 2; 0 alone owns 1 */
    graph.edge[3][2] = START;
    graph.edge[0][1] = START;
    run(&seed);
    ck_assert_int_eq(graph.told[0], LOSS_DEFINITE);
    ck_assert_int_eq(graph.told[3], LOSS_DEFINITE);
    ck_assert_uint_eq(graph.told_carried[3].blocks, 1);
    ck_assert_uint_eq(graph.told_carried[0].blocks, 1);
    ck_assert_uint_eq(graph.told_carried[0].bytes, graph.bytes[1]);
}
END_TEST

/* What only a possible block reaches is possible; what lost blocks point to as well stays so. */
START_TEST(lost_blocks_that_point_to_living_ones)
{
    uint64_t seed = unit_seed(1405);
    graph_init(&graph, 4);
    graph.root[1] = START;
    graph.root[2] = INTERIOR;
    graph.edge[0][1] = START;
    graph.edge[0][2] = START;
    graph.edge[0][3] = INTERIOR;
    run(&seed);
    ck_assert_int_eq(graph.told[0], LOSS_DEFINITE);
    ck_assert_int_eq(graph.told[1], LOSS_REACHABLE);
    ck_assert_int_eq(graph.told[2], LOSS_POSSIBLE);
    ck_assert_int_eq(graph.told[3], LOSS_INDIRECT);
    ck_assert_uint_eq(graph.told_carried[0].blocks, 1);
}
END_TEST

START_TEST(random_graphs)
{
    uint64_t seed = unit_seed((uint64_t)_i + 1500);
    graph_init(&graph, 10 + (unsigned)unit_below(&seed, NODES_MOST - 10));
    for (int round = 0; round < 10; round++) {
        unsigned edges = (unsigned)unit_below(&seed, 3 * graph.nodes / (round + 1) + 1);
        graph_randomize(&graph, &seed, edges, (unsigned)unit_below(&seed, 6));
        run(&seed);
        check();
    }
}
END_TEST

/* Everything lost is a leader or carried by exactly one. */
START_TEST(nothing_is_counted_twice)
{
    uint64_t seed = unit_seed(1600);
    for (int round = 0; round < 50; round++) {
        graph_init(&graph, 50);
        graph_randomize(&graph, &seed, 20 + (unsigned)unit_below(&seed, 100), 1);
        run(&seed);
        size_t lost = 0;
        size_t counted = 0;
        for (unsigned i = 0; i < graph.nodes; i++) {
            lost += graph.told[i] == LOSS_DEFINITE || graph.told[i] == LOSS_INDIRECT;
            counted += (graph.told[i] == LOSS_DEFINITE) + graph.told_carried[i].blocks;
        }
        REQUIRE(lost == counted);
    }
}
END_TEST

static void ignore(const struct block *b, enum loss_kind kind, struct carried carried, void *arg)
{
    (void)b;
    (void)kind;
    (void)carried;
    ++*(int *)arg;
}

START_TEST(no_memory)
{
    int visits = 0;
    uint64_t seed = 1;
    graph_init(&graph, 5);
    graph_write(&graph, &seed);
    graph_mark(&graph, NULL);
    while (scratch_alloc(4096) && space.scratch.ready - space.scratch.begin < 1 << 20)
        ;
    stub_allow_left = 0;
    while (scratch_alloc(64))
        ;
    ck_assert(!classify(&graph.mark, ignore, &visits));
    ck_assert_int_eq(visits, 0);
}
END_TEST

/* A long lost list, and a lost comb, which a recursive walk would not survive. */
START_TEST(long_lists)
{
    enum { COUNT = 100000 };
    static void **node[COUNT];
    int visits = 0;
    struct mark m;
    for (int i = 0; i < COUNT; i++) {
        node[i] = alloc_new(16, 16, true, unit_frame);
        if (i)
            *node[i - 1] = node[i];
    }
    REQUIRE(mark_init(&m, NULL));
    mark_flood(&m);
    ck_assert(classify(&m, ignore, &visits));
    ck_assert_int_eq(visits, COUNT);
}
END_TEST

Suite *suite_classify(void)
{
    Suite *s = suite_create("classify");
    TCase *c = unit_case(s, "classify");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, nine_shapes);
    tcase_add_test(c, a_pointer_to_itself_does_not_count);
    tcase_add_test(c, rings);
    tcase_add_test(c, rings_in_a_row);
    tcase_add_test(c, shared_blocks_count_for_the_higher_leader);
    tcase_add_test(c, lost_blocks_that_point_to_living_ones);
    tcase_add_test(c, nothing_is_counted_twice);
    tcase_add_test(c, no_memory);
    tcase_add_test(c, long_lists);
    c = unit_case(s, "classify_graphs");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_loop_test(c, random_graphs, 0, 20);
    return s;
}
