/* SPDX-License-Identifier: MIT
 *
 * group.h: totals equal the sum of the sites (I14), the order is the same whatever comes first
 * (I15), and lack of memory loses sites but no counts. */
#include "../../report/group.h"

#include "../../preload/slab.h"
#include "../../preload/trace.h"
#include "unit.h"

static struct groups groups;
static struct slab slab; /* of crafted blocks */

static void setup(void)
{
    unit_alive();
    slab.kind = SLAB_SMALL;
    slab.thread = 3;
    groups_init(&groups, 0xf);
}

static uint32_t trace(uintptr_t pc)
{
    return trace_intern(&pc, 1);
}

static void add_at(uint32_t id, size_t bytes, enum loss_kind kind, uint32_t birth, uint32_t thread,
                   struct carried carried)
{
    slab.thread = thread;
    struct block b = {.slab = &slab, .bytes = bytes, .record = record_make(id, birth)};
    groups_add(&b, kind, carried, &groups);
}

static void add(uint32_t id, size_t bytes, enum loss_kind kind)
{
    struct carried none = {0, 0};
    add_at(id, bytes, kind, 10, 3, none);
}

static void check_identity(const struct groups *g)
{
    struct total sum[LOSS_KINDS] = {{0}};
    for (size_t i = 0; i < g->count; i++) {
        sum[g->site[i]->key.kind].bytes += g->site[i]->bytes;
        sum[g->site[i]->key.kind].blocks += g->site[i]->blocks;
    }
    for (int k = 0; k < LOSS_KINDS; k++) {
        if (!(g->listed_kinds >> k & 1))
            continue;
        REQUIRE(g->total[k].bytes == sum[k].bytes + g->unlisted[k].bytes);
        REQUIRE(g->total[k].blocks == sum[k].blocks + g->unlisted[k].blocks);
    }
}

START_TEST(one_site_per_stack_and_kind)
{
    uint32_t a = trace(0x1000), b = trace(0x2000);
    add(a, 10, LOSS_DEFINITE);
    add(a, 20, LOSS_DEFINITE);
    add(b, 30, LOSS_DEFINITE);
    add(a, 40, LOSS_INDIRECT);
    ck_assert_uint_eq(groups.count, 3);
    ck_assert(groups_sort(&groups));
    ck_assert_uint_eq(groups.site[0]->bytes, 30);
    ck_assert_uint_eq(groups.site[0]->blocks, 2);
    ck_assert_uint_eq(groups.site[0]->key.trace, a); /* two blocks before one */
    ck_assert_uint_eq(groups.site[1]->key.trace, b);
    ck_assert_uint_eq(groups.site[2]->key.kind, LOSS_INDIRECT);
    ck_assert_uint_eq(groups.total[LOSS_DEFINITE].bytes, 60);
    ck_assert_uint_eq(groups.total[LOSS_DEFINITE].blocks, 3);
    ck_assert_uint_eq(groups.total[LOSS_INDIRECT].bytes, 40);
    check_identity(&groups);
}
END_TEST

START_TEST(kinds_not_listed_only_count)
{
    groups_init(&groups, 1u << LOSS_DEFINITE);
    for (int k = LOSS_DEFINITE; k <= LOSS_REACHABLE; k++)
        add(trace(0x1000), 7, (enum loss_kind)k);
    ck_assert_uint_eq(groups.count, 1);
    for (int k = LOSS_DEFINITE; k <= LOSS_REACHABLE; k++) {
        ck_assert_uint_eq(groups.total[k].bytes, 7);
        ck_assert_uint_eq(groups.total[k].blocks, 1);
    }
    ck_assert(groups_sort(&groups));
    check_identity(&groups);
}
END_TEST

START_TEST(our_own_blocks_do_not_count)
{
    add(TRACE_INTERNAL, 100, LOSS_DEFINITE);
    ck_assert_uint_eq(groups.count, 0);
    ck_assert_uint_eq(groups.total[LOSS_DEFINITE].blocks, 0);
    add(TRACE_UNKNOWN, 100, LOSS_DEFINITE); /* recording had stopped: the program's all the same */
    ck_assert_uint_eq(groups.count, 1);
    ck_assert_uint_eq(groups.total[LOSS_DEFINITE].blocks, 1);
}
END_TEST

START_TEST(births_threads_and_what_is_carried)
{
    uint32_t a = trace(0x1000), b = trace(0x2000);
    add_at(a, 10, LOSS_DEFINITE, 50, 4, (struct carried){100, 2});
    add_at(a, 10, LOSS_DEFINITE, 20, 4, (struct carried){30, 1});
    add_at(a, 10, LOSS_DEFINITE, 90, 4, (struct carried){0, 0});
    add_at(b, 10, LOSS_DEFINITE, 33, 4, (struct carried){0, 0});
    add_at(b, 10, LOSS_DEFINITE, 33, 5, (struct carried){0, 0});
    ck_assert(groups_sort(&groups));
    const struct site *s = groups.site[0];
    ck_assert_uint_eq(s->oldest, 20);
    ck_assert_uint_eq(s->youngest, 90);
    ck_assert_uint_eq(s->thread, 4);
    ck_assert(!s->several_threads);
    ck_assert_uint_eq(s->carried.bytes, 130);
    ck_assert_uint_eq(s->carried.blocks, 3);
    s = groups.site[1];
    ck_assert_uint_eq(s->oldest, 33);
    ck_assert_uint_eq(s->youngest, 33);
    ck_assert_uint_eq(s->thread, 4);
    ck_assert(s->several_threads);
}
END_TEST

START_TEST(sorted_by_kind_bytes_blocks_stack)
{
    uint32_t t[6];
    for (unsigned i = 0; i < 6; i++)
        t[i] = trace(0x1000 + 0x100 * (6 - i)); /* ids ascend, addresses descend */
    add(t[0], 100, LOSS_REACHABLE);
    add(t[0], 1, LOSS_DEFINITE);
    add(t[1], 5, LOSS_INDIRECT);
    add(t[2], 50, LOSS_INDIRECT);
    add(t[3], 25, LOSS_INDIRECT); /* 50 too, in two blocks */
    add(t[3], 25, LOSS_INDIRECT);
    add(t[4], 50, LOSS_INDIRECT); /* as t[2]: the stack decides */
    add(t[5], 7, LOSS_POSSIBLE);
    ck_assert(groups_sort(&groups));
    const uint32_t order[] = {t[0], t[3], t[4], t[2], t[1], t[5], t[0]};
    const enum loss_kind kinds[] = {LOSS_DEFINITE, LOSS_INDIRECT, LOSS_INDIRECT, LOSS_INDIRECT,
                                    LOSS_INDIRECT, LOSS_POSSIBLE, LOSS_REACHABLE};
    ck_assert_uint_eq(groups.count, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_uint_eq(groups.site[i]->key.trace, order[i]);
        ck_assert_uint_eq(groups.site[i]->key.kind, kinds[i]);
    }
}
END_TEST

/* The same blocks in another order: the same report. */
START_TEST(order_does_not_depend_on_the_blocks_order)
{
    enum { SITES = 300, BLOCKS = 3000 };
    static struct {
        uint32_t id;
        size_t bytes;
        enum loss_kind kind;
    } block[BLOCKS];
    static struct site first[4 * SITES];
    uint64_t seed = unit_seed(1700);
    for (int i = 0; i < BLOCKS; i++) {
        uintptr_t pc[3] = {0x1000 + unit_below(&seed, 5), 0x2000 + unit_below(&seed, 5),
                           0x3000 + unit_below(&seed, 12)};
        block[i].id = trace_intern(pc, 1 + unit_below(&seed, 3));
        block[i].bytes = unit_below(&seed, 4);
        block[i].kind = (enum loss_kind)unit_below(&seed, 4);
    }
    for (int round = 0; round < 10; round++) {
        scratch_reset();
        groups_init(&groups, 0xf);
        for (int i = BLOCKS; i-- > 1;) { /* shuffle */
            size_t j = unit_below(&seed, (size_t)i + 1);
            __typeof__(block[0]) swap = block[i];
            block[i] = block[j];
            block[j] = swap;
        }
        for (int i = 0; i < BLOCKS; i++)
            add(block[i].id, block[i].bytes, block[i].kind);
        ck_assert(groups_sort(&groups));
        check_identity(&groups);
        ck_assert_uint_le(groups.count, 4 * SITES + 400);
        for (size_t i = 0; i < groups.count && i < 4 * SITES; i++) {
            const struct site *s = groups.site[i];
            if (round == 0)
                first[i] = *s;
            REQUIRE(!memcmp(&first[i].key, &s->key, sizeof s->key) && first[i].bytes == s->bytes &&
                    first[i].blocks == s->blocks);
        }
    }
}
END_TEST

/* The Nth growth of scratch memory fails: counted as unlisted, and the identity holds. */
START_TEST(no_memory_for_sites)
{
    for (long growths = 0; growths < 4; growths++) {
        long left = growths;
        stub_allow_left = -1;
        scratch_reset();
        groups_init(&groups, 0xf);
        stub_allow_left = left;
        unsigned sites = 0;
        while (!groups.unlisted[LOSS_DEFINITE].blocks) {
            stub_allow_left = -1;
            uint32_t id = trace(0x1000 + 16 * sites);
            stub_allow_left = left;
            add(id, 100, LOSS_DEFINITE);
            add(id, 1, LOSS_INDIRECT);
            sites++;
            REQUIRE(sites < 100000);
            left -= left > 0;
        }
        for (int i = 0; i < 10; i++)
            add(trace(0x1000), 100, LOSS_DEFINITE); /* a site that exists goes on counting */
        stub_allow_left = -1;
        ck_assert(groups_sort(&groups));
        check_identity(&groups);
        ck_assert_uint_eq(groups.total[LOSS_DEFINITE].blocks, sites + 10);
    }
}
END_TEST

START_TEST(many_sites)
{
    enum { SITES = 50000 };
    for (unsigned i = 0; i < SITES; i++)
        add(trace(0x1000 + 16 * i), 1 + i, LOSS_DEFINITE);
    ck_assert_uint_eq(groups.count, SITES);
    ck_assert(groups_sort(&groups));
    for (unsigned i = 0; i < SITES; i++)
        REQUIRE(groups.site[i]->bytes == SITES - i);
    check_identity(&groups);
}
END_TEST

/* --- Stacks that are longer than shown -------------------------------------------------------- */

enum { SHOWN = 3 };

/* A stack of n frames; `pc` is the innermost, `outer` all that are not shown. */
static uint32_t long_trace(uintptr_t pc, uintptr_t outer, size_t n)
{
    uintptr_t frames[16] = {pc, 0x9001, 0x9002};
    for (size_t i = SHOWN; i < n; i++)
        frames[i] = outer + i;
    return trace_intern(frames, n);
}

static void check_site(const struct site *s, uint32_t id, size_t bytes, size_t blocks)
{
    REQUIRE(s->key.trace == trace_cut(id, SHOWN));
    REQUIRE_MSG(s->bytes == bytes && s->blocks == blocks, "%zu in %zu", s->bytes, s->blocks);
}

START_TEST(sites_that_look_the_same_are_one)
{
    options.stack_depth = SHOWN;
    uint32_t a = long_trace(0x1000, 0x5000, 8), b = long_trace(0x1000, 0x6000, 4);
    uint32_t c = long_trace(0x1000, 0, SHOWN), other = long_trace(0x2000, 0x5000, 8);
    add_at(a, 10, LOSS_DEFINITE, 50, 3, (struct carried){100, 2});
    add_at(b, 20, LOSS_DEFINITE, 20, 3, (struct carried){30, 1});
    add_at(b, 20, LOSS_DEFINITE, 25, 3, (struct carried){0, 0});
    add_at(c, 30, LOSS_DEFINITE, 90, 3, (struct carried){7, 4});
    add_at(other, 70, LOSS_DEFINITE, 5, 3, (struct carried){1, 1});
    add_at(a, 40, LOSS_INDIRECT, 1, 3, (struct carried){0, 0});
    add_at(b, 50, LOSS_INDIRECT, 2, 3, (struct carried){0, 0});
    ck_assert_uint_eq(groups.count, 6);
    ck_assert(groups_sort(&groups));
    ck_assert_uint_eq(groups.count, 3);
    check_identity(&groups);
    const struct site *s = groups.site[0];
    check_site(s, a, 80, 4);
    ck_assert_uint_eq(s->oldest, 20);
    ck_assert_uint_eq(s->youngest, 90);
    ck_assert_uint_eq(s->carried.bytes, 137);
    ck_assert_uint_eq(s->carried.blocks, 7);
    ck_assert(!s->several_threads);
    check_site(groups.site[1], other, 70, 1);
    ck_assert_uint_eq(groups.site[1]->oldest, 5);
    ck_assert_uint_eq(groups.site[1]->carried.bytes, 1);
    check_site(groups.site[2], a, 90, 2);
    ck_assert_uint_eq(groups.site[2]->key.kind, LOSS_INDIRECT);
}
END_TEST

/* The oldest and the youngest are in any of them. */
START_TEST(births_of_one)
{
    options.stack_depth = SHOWN;
    for (unsigned order = 0; order < 2; order++) {
        groups_init(&groups, 0xf);
        add_at(long_trace(1, 0x5000, 8), 1, LOSS_DEFINITE, order ? 9 : 4, 3,
               (struct carried){0, 0});
        add_at(long_trace(1, 0x6000, 8), 1, LOSS_DEFINITE, order ? 4 : 9, 3,
               (struct carried){0, 0});
        ck_assert(groups_sort(&groups));
        ck_assert_uint_eq(groups.count, 1);
        ck_assert_uint_eq(groups.site[0]->oldest, 4);
        ck_assert_uint_eq(groups.site[0]->youngest, 9);
    }
}
END_TEST

START_TEST(threads_of_one)
{
    options.stack_depth = SHOWN;
    uint32_t a = long_trace(0x1000, 0x5000, 8), b = long_trace(0x1000, 0x6000, 8);
    static const struct {
        uint32_t thread[4]; /* of two blocks of a, and two of b */
        bool several;
    } cases[] = {
        {{4, 4, 4, 4}, false}, {{4, 4, 5, 5}, true}, {{4, 5, 4, 4}, true}, {{4, 4, 4, 5}, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        groups_init(&groups, 0xf);
        for (int k = 0; k < 4; k++)
            add_at(k < 2 ? a : b, 1, LOSS_DEFINITE, 1, cases[i].thread[k], (struct carried){0, 0});
        ck_assert(groups_sort(&groups));
        ck_assert_uint_eq(groups.count, 1);
        ck_assert_msg(groups.site[0]->several_threads == cases[i].several, "case %zu", i);
        ck_assert_uint_eq(groups.site[0]->thread, 4);
    }
}
END_TEST

/* Many, in random order: as many sites as can be told apart, and the order is what it says. */
START_TEST(many_that_look_the_same)
{
    enum { INNER = 500, OUTER = 20 };
    static size_t bytes[INNER], blocks[INNER];
    uint64_t seed = unit_seed(1800);
    options.stack_depth = SHOWN;
    for (int i = 0; i < 20000; i++) {
        size_t inner = unit_below(&seed, INNER), n = 1 + unit_below(&seed, 50);
        uintptr_t outer = 0x5000 + 0x100 * unit_below(&seed, OUTER);
        add(long_trace(0x1000 + inner, outer, 4 + outer % 7), n, LOSS_POSSIBLE);
        bytes[inner] += n;
        blocks[inner]++;
    }
    ck_assert_uint_gt(groups.count, INNER);
    ck_assert(groups_sort(&groups));
    ck_assert_uint_eq(groups.count, INNER);
    check_identity(&groups);
    for (size_t i = 0; i < INNER; i++) {
        const struct site *s = groups.site[i];
        const struct unit_trace *t = unit_trace(s->key.trace);
        REQUIRE(t && t->frames == SHOWN);
        REQUIRE(s->bytes == bytes[t->pc[0] - 0x1000] && s->blocks == blocks[t->pc[0] - 0x1000]);
        REQUIRE(!i || groups.site[i - 1]->bytes >= s->bytes);
    }
}
END_TEST

/* The Nth growth of scratch memory fails while sites are merged: what is lost is unlisted. */
START_TEST(no_memory_for_merging)
{
    size_t unlisted = 0;
    options.stack_depth = SHOWN;
    for (long growths = 0; growths < 12; growths++) {
        scratch_reset();
        groups_init(&groups, 0xf);
        for (unsigned i = 0; i < 9000; i++)
            add(long_trace(0x1000 + i / 3, 0x5000 + 16 * (i % 3), 6), 5, LOSS_DEFINITE);
        for (unsigned i = 0; i < 9000; i++)
            trace_cut(long_trace(0x1000 + i / 3, 0x5000, 6), SHOWN);
        stub_allow_left = growths;
        bool sorted = groups_sort(&groups);
        stub_allow_left = -1;
        if (!sorted) { /* no memory for the list of sites either */
            groups.site = scratch_alloc((groups.count + 1) * sizeof *groups.site);
            size_t n = 0;
            for (struct site *s = groups.table; s; s = s->hh.next)
                groups.site[n++] = s;
            ck_assert_uint_eq(n, groups.count);
        }
        check_identity(&groups);
        ck_assert_uint_eq(groups.total[LOSS_DEFINITE].blocks, 9000);
        unlisted += groups.unlisted[LOSS_DEFINITE].blocks;
        ck_assert(groups.unlisted[LOSS_DEFINITE].blocks || groups.count == 3000);
    }
    ck_assert_uint_gt(unlisted, 0);
}
END_TEST

START_TEST(nothing)
{
    ck_assert(groups_sort(&groups));
    ck_assert_uint_eq(groups.count, 0);
    check_identity(&groups);
}
END_TEST

Suite *suite_group(void)
{
    Suite *s = suite_create("group");
    TCase *c = unit_case(s, "group");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, one_site_per_stack_and_kind);
    tcase_add_test(c, kinds_not_listed_only_count);
    tcase_add_test(c, our_own_blocks_do_not_count);
    tcase_add_test(c, births_threads_and_what_is_carried);
    tcase_add_test(c, sorted_by_kind_bytes_blocks_stack);
    tcase_add_test(c, order_does_not_depend_on_the_blocks_order);
    tcase_add_test(c, no_memory_for_sites);
    tcase_add_test(c, many_sites);
    tcase_add_test(c, nothing);
    c = unit_case(s, "group_merged");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, sites_that_look_the_same_are_one);
    tcase_add_test(c, births_of_one);
    tcase_add_test(c, threads_of_one);
    tcase_add_test(c, many_that_look_the_same);
    tcase_add_test(c, no_memory_for_merging);
    return s;
}
