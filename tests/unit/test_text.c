/* SPDX-License-Identifier: MIT
 *
 * text.h: thresholds and caps (what is shown, what counts), and the lines of the summary. */
#include "../../report/text.h"

#include <unistd.h>

#include "../../preload/trace.h"
#include "unit.h"

static struct groups groups;
static struct slab slab;

static void add(unsigned site, size_t bytes, unsigned blocks)
{
    uintptr_t pc = 0x1000 + site;
    struct carried none = {0, 0};
    struct block b = {
        .slab = &slab, .bytes = bytes, .record = record_make(trace_intern(&pc, 1), 0)};
    for (unsigned i = 0; i < blocks; i++)
        groups_add(&b, LOSS_DEFINITE, none, &groups);
}

/* Five sites of 1000, 400, 300, 20 and 8 bytes in 1, 4, 10, 1 and 8 blocks. */
static void setup(void)
{
    unit_alive();
    slab.kind = SLAB_SMALL;
    groups_init(&groups, 1u << LOSS_DEFINITE);
    add(1, 1000, 1);
    add(2, 100, 4);
    add(3, 30, 10);
    add(4, 20, 1);
    add(5, 1, 8);
    ck_assert(groups_sort(&groups));
}

static void check(size_t min_bytes, uint32_t min_blocks, uint32_t max_sites,
                  const struct shown *expected)
{
    struct shown shown;
    options.min_bytes = min_bytes;
    options.min_blocks = min_blocks;
    options.max_sites = max_sites;
    text_count(&groups, &shown);
    ck_assert_uint_eq(shown.sites, expected->sites);
    ck_assert_uint_eq(shown.total.bytes, expected->total.bytes);
    ck_assert_uint_eq(shown.total.blocks, expected->total.blocks);
    ck_assert_uint_eq(shown.below_sites, expected->below_sites);
    ck_assert_uint_eq(shown.below.bytes, expected->below.bytes);
    ck_assert_uint_eq(shown.below.blocks, expected->below.blocks);
    ck_assert_uint_eq(shown.beyond_sites, expected->beyond_sites);
    ck_assert_uint_eq(shown.beyond.bytes, expected->beyond.bytes);
    ck_assert_uint_eq(shown.beyond.blocks, expected->beyond.blocks);
    ck_assert_uint_eq(shown.sites + shown.below_sites + shown.beyond_sites, groups.count);
}

START_TEST(thresholds)
{
    check(0, 0, 0, &(struct shown){.sites = 5, .total = {1728, 24}});
    check(20, 0, 0,
          &(struct shown){.sites = 4, .total = {1720, 16}, .below = {8, 8}, .below_sites = 1});
    check(21, 0, 0,
          &(struct shown){.sites = 3, .total = {1700, 15}, .below = {28, 9}, .below_sites = 2});
    check(0, 4, 0,
          &(struct shown){.sites = 3, .total = {708, 22}, .below = {1020, 2}, .below_sites = 2});
    check(5000, 0, 0, &(struct shown){.below = {1728, 24}, .below_sites = 5});
}
END_TEST

/* What is not shown for want of room counts all the same. */
START_TEST(max_sites)
{
    check(0, 0, 2,
          &(struct shown){.sites = 2, .total = {1728, 24}, .beyond = {328, 19}, .beyond_sites = 3});
    check(20, 4, 1,
          &(struct shown){.sites = 1,
                          .total = {700, 14},
                          .below = {1028, 10},
                          .below_sites = 3,
                          .beyond = {300, 10},
                          .beyond_sites = 1});
}
END_TEST

START_TEST(summary)
{
    struct sink s;
    char expected[1024];
    int pid = getpid();
    groups.total[LOSS_INDIRECT] = (struct total){1234567, 1000};
    groups.total[LOSS_REACHABLE] = (struct total){1024, 1};
    unit_capture();
    sink_open(&s, "stderr");
    text_summary(&s, &groups);
    sink_close(&s);
    snprintf(expected, sizeof expected,
             "==%d==\n==%d==LEAK SUMMARY:\n"
             "==%d==   definitely lost: 1,728 bytes in 24 blocks\n"
             "==%d==   indirectly lost: 1,234,567 bytes in 1,000 blocks\n"
             "==%d==     possibly lost: 0 bytes in 0 blocks\n"
             "==%d==   still reachable: 1,024 bytes in 1 blocks\n"
             "==%d==        suppressed: 0 bytes in 0 blocks\n",
             pid, pid, pid, pid, pid, pid, pid);
    ck_assert_str_eq(unit_captured(), expected);
}
END_TEST

Suite *suite_text(void)
{
    Suite *s = suite_create("text");
    TCase *c = unit_case(s, "text");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, thresholds);
    tcase_add_test(c, max_sites);
    tcase_add_test(c, summary);
    return s;
}
