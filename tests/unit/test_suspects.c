/* SPDX-License-Identifier: MIT
 *
 * suspects.h: when a lost block becomes a leak for certain, what makes it a suspect anew, which sites are
 * told when, and what is counted. */
#include "../../report/suspects.h"

#include "../../preload/alloc.h"
#include "../../preload/capture.h"
#include "../../preload/options.h"
#include "../../preload/trace.h"
#include "unit.h"

enum { MOST = 64 };

static struct candidate candidates[MOST];
static struct live scan;
static struct groups groups;
static struct verdict verdict;
static uint32_t number;

static void setup(void)
{
    unit_alive();
    options.confirm = 2;
    options.min_age = 0;
    suspects_reset();
    scan = (struct live){.candidate = candidates};
    number = 0;
}

/* A live block of the site `pc`, as a candidate. */
static void lose(uintptr_t pc, size_t bytes)
{
    uint32_t id = trace_intern(&pc, 1);
    bool zeroed;
    record r = record_make(id, 1);
    void *p = heap_alloc(thread_current()->heap, sizeclass_of(bytes), bytes, r, &zeroed);
    struct block b;
    REQUIRE(p && alloc_find((uintptr_t)p, &b) && scan.count < MOST);
    size_t at = scan.count++;
    for (; at > 0 && candidates[at - 1].begin > b.begin; at--)
        candidates[at] = candidates[at - 1];
    candidates[at] = (struct candidate){
        .begin = b.begin, .bytes = bytes, .record = b.record, .kind = LOSS_DEFINITE, .hash = 7};
}

static void update(enum belief belief)
{
    struct scan_id now = {++number, number * 1000};
    groups_init(&groups, 3);
    suspects_update(&scan, now, belief, &groups, &verdict);
    if (groups.count && groups_sort(&groups))
        suspects_told(&groups, now);
}

START_TEST(the_second_scan_makes_it_certain)
{
    lose(0x1000, 100);
    update(BELIEF_CONFIRMED);
    ck_assert_uint_eq(verdict.leaked_blocks, 0);
    ck_assert_uint_eq(verdict.sites, 0);
    update(BELIEF_CONFIRMED);
    ck_assert_uint_eq(verdict.new_blocks, 1);
    ck_assert_uint_eq(verdict.new_bytes, 100);
    ck_assert_uint_eq(verdict.sites, 1);
    ck_assert_uint_eq(groups.total[LOSS_DEFINITE].bytes, 100);
    update(BELIEF_CONFIRMED);
    ck_assert_uint_eq(verdict.leaked_blocks, 1);
    ck_assert_uint_eq(verdict.new_blocks, 0);
    ck_assert_uint_eq(verdict.sites, 0); /* told already */
}
END_TEST

START_TEST(what_changes_begins_anew)
{
    lose(0x1000, 100);
    update(BELIEF_CONFIRMED);
    for (uint64_t hash = 8; hash < 12; hash++) {
        candidates[0].hash = hash;
        update(BELIEF_CONFIRMED);
        ck_assert_uint_eq(verdict.leaked_blocks, 0);
    }
    update(BELIEF_CONFIRMED);
    ck_assert_uint_eq(verdict.leaked_blocks, 1);
    candidates[0].record ^= 1; /* another block in its place */
    update(BELIEF_CONFIRMED);
    ck_assert_uint_eq(verdict.leaked_blocks, 0);
    ck_assert_uint_eq(verdict.returned, 1);
}
END_TEST

START_TEST(one_scan_without_it_begins_anew)
{
    lose(0x1000, 100);
    update(BELIEF_CONFIRMED);
    scan.count = 0;
    update(BELIEF_CONFIRMED);
    scan.count = 1;
    update(BELIEF_CONFIRMED);
    ck_assert_uint_eq(verdict.leaked_blocks, 0);
    ck_assert_uint_eq(verdict.returned, 0); /* it was never certain */
    update(BELIEF_CONFIRMED);
    ck_assert_uint_eq(verdict.leaked_blocks, 1);
}
END_TEST

START_TEST(young_blocks_wait)
{
    options.min_age = 3600000000;
    lose(0x1000, 100);
    for (int i = 0; i < 5; i++) {
        update(BELIEF_CONFIRMED);
        ck_assert_uint_eq(verdict.leaked_blocks, 0);
    }
    update(BELIEF_NOW);
    ck_assert_uint_eq(verdict.leaked_blocks, 1);
}
END_TEST

START_TEST(a_site_is_told_again_when_it_doubled)
{
    for (int i = 0; i < 4; i++)
        lose(0x1000, 100);
    lose(0x2000, 50);
    update(BELIEF_NOW);
    ck_assert_uint_eq(verdict.sites, 2);
    for (int i = 0; i < 3; i++)
        lose(0x1000, 100);
    update(BELIEF_NOW);
    ck_assert_uint_eq(verdict.sites, 0);
    ck_assert_uint_eq(verdict.new_blocks, 3);
    lose(0x1000, 100);
    update(BELIEF_NOW);
    ck_assert_uint_eq(verdict.sites, 1);
    ck_assert_uint_eq(groups.total[LOSS_DEFINITE].bytes, 800);
    update(BELIEF_ALL);
    ck_assert_uint_eq(verdict.sites, 2);
    ck_assert_uint_eq(groups.total[LOSS_DEFINITE].bytes, 850);
}
END_TEST

START_TEST(it_is_known_since_when)
{
    uintptr_t pc = 0x1000;
    scan.count = 0;
    update(BELIEF_CONFIRMED);
    lose(pc, 100);
    update(BELIEF_CONFIRMED);
    update(BELIEF_CONFIRMED);
    const struct known_site *s = suspects_site(trace_intern(&pc, 1));
    ck_assert_ptr_nonnull(s);
    ck_assert_uint_eq(s->lost.number, 2);
    ck_assert_uint_eq(s->reachable.number, 1);
    ck_assert_uint_eq(s->scan, 3);
    suspects_reset();
    ck_assert_ptr_null(suspects_site(trace_intern(&pc, 1)));
}
END_TEST

static bool is_leak(int i)
{
    return suspects_is_leak(candidates[i].begin, candidates[i].record);
}

/* A leak is known when it is certain, a suppressed one at once; whatever the order of questions. */
START_TEST(what_is_known_to_be_a_leak)
{
    for (int i = 0; i < 9; i++)
        lose(0x1000, 100);
    for (int i = 0; i < 9; i++)
        ck_assert(!is_leak(i));
    candidates[8].kind = LOSS_SUPPRESSED;
    suspects_set_aside(&scan);
    scan.count = 8;
    update(BELIEF_CONFIRMED);
    for (int i = 0; i < 9; i++)
        ck_assert(is_leak(i) == (i == 8));
    update(BELIEF_CONFIRMED);
    for (int i = 8; i >= 0; i--)
        ck_assert(is_leak(i));
    ck_assert(!suspects_is_leak(candidates[3].begin, candidates[3].record ^ 1));
    ck_assert(!suspects_is_leak(candidates[8].begin, candidates[8].record ^ 1));
    ck_assert(!suspects_is_leak(candidates[3].begin + 16, candidates[3].record));
    ck_assert(is_leak(3) && is_leak(8) && is_leak(0));
    suspects_set_aside(&scan); /* it is suppressed no more */
    ck_assert(!is_leak(8) && is_leak(7));
    suspects_reset();
    for (int i = 0; i < 9; i++)
        ck_assert(!is_leak(i));
}
END_TEST

Suite *suite_suspects(void)
{
    Suite *s = suite_create("suspects");
    TCase *c = unit_case(s, "suspects");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, the_second_scan_makes_it_certain);
    tcase_add_test(c, what_changes_begins_anew);
    tcase_add_test(c, one_scan_without_it_begins_anew);
    tcase_add_test(c, young_blocks_wait);
    tcase_add_test(c, a_site_is_told_again_when_it_doubled);
    tcase_add_test(c, it_is_known_since_when);
    tcase_add_test(c, what_is_known_to_be_a_leak);
    return s;
}
