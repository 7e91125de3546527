/* SPDX-License-Identifier: MIT
 *
 * clock.h: the encoding of birth stamps keeps its promise of resolution; ticking. */
#include "../../preload/clock.h"

#include <time.h>

#include "../../preload/record.h"
#include "unit.h"

static const uint64_t TICKS_A_SECOND = 10;

/* The promise of the header, for one time. */
static void check_tick(uint64_t t)
{
    uint32_t stamp = clock_encode(t);
    uint64_t back = clock_decode(stamp);
    REQUIRE_MSG(stamp < 1u << RECORD_BIRTH_BITS, "%lu", t);
    REQUIRE_MSG(back <= t, "%lu: %lu", t, back);
    if (t <= 2 * 3600 * TICKS_A_SECOND)
        REQUIRE_MSG(back == t, "%lu: %lu", t, back);
    else
        REQUIRE_MSG((t - back) * 65536 <= t, "%lu: %lu", t, back);
}

START_TEST(exact_for_two_hours)
{
    for (uint64_t t = 0; t <= 2 * 3600 * TICKS_A_SECOND; t++)
        check_tick(t);
}
END_TEST

START_TEST(resolution_for_years)
{
    uint64_t end = (uint64_t)(6.8 * 365.25 * 24 * 3600) * TICKS_A_SECOND;
    for (uint64_t t = 1; t < end; t += 1 + t / 50000) {
        check_tick(t);
        check_tick(t - 1);
    }
    for (unsigned bit = 0; bit < 31; bit++)
        for (int d = -2; d <= 2; d++)
            check_tick(((uint64_t)1 << bit) + (uint64_t)(d < 0 && bit < 2 ? 0 : d));
}
END_TEST

START_TEST(monotone)
{
    uint32_t last = 0;
    for (uint64_t t = 0; t < (uint64_t)1 << 32; t += 1 + t / 20000) {
        uint32_t stamp = clock_encode(t);
        REQUIRE_MSG(stamp >= last, "%lu", t);
        last = stamp;
    }
}
END_TEST

/* Every stamp is the encoding of the first tick that it stands for. */
START_TEST(every_stamp_is_its_own_first_tick)
{
    uint64_t last = 0;
    for (uint32_t stamp = 0; stamp < 1u << RECORD_BIRTH_BITS; stamp++) {
        uint64_t t = clock_decode(stamp);
        REQUIRE_MSG(clock_encode(t) == stamp, "%u", stamp);
        REQUIRE_MSG(stamp == 0 || t > last, "%u", stamp);
        last = t;
    }
}
END_TEST

START_TEST(stays_at_the_last)
{
    uint32_t most = (1u << RECORD_BIRTH_BITS) - 1;
    ck_assert_uint_eq(clock_encode((uint64_t)1 << 31), most);
    ck_assert_uint_eq(clock_encode((uint64_t)1 << 40), most);
    ck_assert_uint_eq(clock_encode(UINT64_MAX), most);
}
END_TEST

START_TEST(stamps_in_milliseconds)
{
    ck_assert_uint_eq(clock_stamp_ms(0), 0);
    ck_assert_uint_eq(clock_stamp_ms(1), 100);
    ck_assert_uint_eq(clock_stamp_ms(clock_encode(36000)), 3600000);
}
END_TEST

START_TEST(ticks_follow_the_clock)
{
    ck_assert_uint_eq(clock_birth(), 0);
    ck_assert_uint_eq(clock_uptime_ms(), 0);
    clock_tick();
    ck_assert_uint_eq(clock_birth(), 0);
    struct timespec pause = {.tv_nsec = 250000000};
    nanosleep(&pause, NULL);
    ck_assert_uint_eq(clock_birth(), 0); /* nobody has ticked */
    clock_tick();
    ck_assert_uint_ge(clock_birth(), 2);
    ck_assert_uint_le(clock_stamp_ms(clock_birth()), clock_uptime_ms());
    ck_assert_uint_ge(clock_uptime_ms(), 240);
}
END_TEST

/* Blocks that exist | what is returned | new blocks. */
START_TEST(advancing_parts_old_from_new)
{
    for (int i = 0; i < 100; i++) {
        uint32_t old = clock_birth();
        uint32_t between = clock_step(2);
        ck_assert_uint_lt(old, between);
        ck_assert_uint_lt(between, clock_birth());
        ck_assert_uint_eq(clock_advance(), between + 2);
        ck_assert_uint_eq(clock_birth(), between + 2);
    }
}
END_TEST

START_TEST(advancing_ends_at_the_last)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < CLOCK_LAST / 2 + 10; i++) {
        uint32_t stamp = clock_step(2);
        REQUIRE(stamp > last || stamp == CLOCK_LAST);
        REQUIRE(clock_birth() <= CLOCK_LAST);
        last = stamp;
    }
    ck_assert_uint_eq(last, CLOCK_LAST);
}
END_TEST

Suite *suite_clock(void)
{
    Suite *s = suite_create("clock");
    TCase *c = unit_case(s, "clock");
    tcase_add_test(c, exact_for_two_hours);
    tcase_add_test(c, resolution_for_years);
    tcase_add_test(c, monotone);
    tcase_add_test(c, every_stamp_is_its_own_first_tick);
    tcase_add_test(c, stays_at_the_last);
    tcase_add_test(c, stamps_in_milliseconds);
    tcase_add_test(c, ticks_follow_the_clock);
    tcase_add_test(c, advancing_parts_old_from_new);
    tcase_add_test(c, advancing_ends_at_the_last);
    return s;
}
