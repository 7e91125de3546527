/* SPDX-License-Identifier: MIT
 *
 * record.h: what is put into a record comes out, and the fields do not touch each other. */
#include "../../preload/record.h"

#include "unit.h"

enum { TRACE_MOST = (1 << RECORD_TRACE_BITS) - 1, BIRTH_MOST = (1 << RECORD_BIRTH_BITS) - 1 };

static void check(uint32_t trace, uint32_t birth, uint32_t slack, bool root, uint32_t next)
{
    record r = record_with_slack(record_make(trace, birth), slack) | (root ? RECORD_ROOT : 0);
    REQUIRE(record_is_live(r));
    REQUIRE(record_is_root(r) == root);
    REQUIRE(record_trace(r) == trace);
    REQUIRE(record_birth(r) == birth);
    REQUIRE(record_slack(r) == slack);
    record f = record_freed(r, next);
    REQUIRE(!record_is_live(f) && !record_is_root(f));
    REQUIRE(record_trace(f) == trace);
    REQUIRE(record_slack(f) == slack); /* what it was, for a double free */
    REQUIRE(record_next(f) == next);
}

START_TEST(extremes)
{
    for (unsigned bits = 0; bits < 32; bits++)
        check(bits & 1 ? TRACE_MOST : 0, bits & 2 ? BIRTH_MOST : 0,
              bits & 4 ? RECORD_SLACK_MOST : 0, bits & 8, bits & 16 ? SLOT_END : 0);
}
END_TEST

START_TEST(round_trips)
{
    uint64_t seed = unit_seed(2);
    for (int i = 0; i < 100000; i++)
        check((uint32_t)unit_below(&seed, TRACE_MOST + 1), (uint32_t)unit_below(&seed, BIRTH_MOST),
              (uint32_t)unit_below(&seed, RECORD_SLACK_MOST + 1), unit_random(&seed) & 1,
              (uint32_t)unit_below(&seed, SLOT_END + 1));
}
END_TEST

/* The drawing in the header, bit by bit. */
START_TEST(layout)
{
    ck_assert_uint_eq(record_with_slack(record_make(1, 1), 1), 0x8000000100100001u);
    ck_assert_uint_eq(record_make(TRACE_MOST, BIRTH_MOST), 0xbfffffff000fffffu);
    ck_assert_uint_eq(record_with_slack(0, RECORD_SLACK_MOST), 0x00000000fff00000u);
    ck_assert_uint_eq(record_freed(~(record)0, 5), 0x3ffffffffff00005u);
    ck_assert(!record_is_root(RECORD_ROOT)); /* of a live block only */
}
END_TEST

Suite *suite_record(void)
{
    Suite *s = suite_create("record");
    TCase *c = unit_case(s, "record");
    tcase_add_test(c, extremes);
    tcase_add_test(c, round_trips);
    tcase_add_test(c, layout);
    return s;
}
