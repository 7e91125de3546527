/* SPDX-License-Identifier: MIT
 *
 * meta.h: alignment, zeroing, reuse, injected failure, threads. */
#include "../../preload/meta.h"

#include <sys/mman.h>

#include "../../preload/space.h"
#include "unit.h"

START_TEST(aligned_and_apart)
{
    enum { COUNT = 400 };
    char *p[COUNT];
    size_t bytes[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        bytes[i] = i < 200 ? i : i * i;
        p[i] = meta_alloc(bytes[i]);
        REQUIRE(p[i]);
        REQUIRE((uintptr_t)p[i] % 16 == 0);
        REQUIRE(space_is_ours((uintptr_t)p[i]));
        memset(p[i], (int)i, bytes[i]);
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t at = 0; at < bytes[i]; at++)
            REQUIRE(p[i][at] == (char)i);
}
END_TEST

START_TEST(zeroed_also_when_used_before)
{
    for (size_t bytes = 1; bytes <= 1 << 20; bytes *= 3) {
        char *p = meta_alloc(bytes);
        memset(p, 0xee, bytes);
        meta_free(p, bytes);
        char *q = meta_alloc_zeroed(bytes);
        ck_assert_ptr_eq(p, q);
        for (size_t i = 0; i < bytes; i++)
            REQUIRE(q[i] == 0);
    }
}
END_TEST

/* A freed piece serves the next request of its size, and no larger one. */
START_TEST(reuse)
{
    for (size_t bytes = 1; bytes <= 100000; bytes = bytes * 2 + 1) {
        void *p = meta_alloc(bytes);
        meta_free(p, bytes);
        void *other = meta_alloc(2 * bytes + 16);
        ck_assert_ptr_ne(other, p);
        ck_assert_ptr_eq(meta_alloc(bytes), p);
    }
}
END_TEST

START_TEST(a_million_turns_cost_no_memory)
{
    meta_free(meta_alloc(1000), 1000);
    uintptr_t ready = space.meta.ready;
    for (int i = 0; i < 1000000 / (UNIT_ASAN ? 10 : 1); i++)
        meta_free(meta_alloc(1000), 1000);
    ck_assert_uint_eq(space.meta.ready, ready);
}
END_TEST

static size_t resident(void)
{
    static unsigned char pages[1 << 16];
    size_t bytes = (space.meta.ready - space.meta.begin) & ~(size_t)4095;
    size_t n = 0;
    REQUIRE(bytes / 4096 <= sizeof pages && !mincore((void *)space.meta.begin, bytes, pages));
    for (size_t i = 0; i < bytes / 4096; i++)
        n += pages[i] & 1;
    return n * 4096;
}

/* Record arrays of 6000 slabs come and go; what is in use in between keeps its contents. */
START_TEST(free_pages_go_back)
{
    enum { COUNT = 6000, KEPT = 100 };
    static unsigned char *p[COUNT];
    for (size_t bytes = 600; bytes <= 10000; bytes += 4700) {
        for (size_t i = 0; i < COUNT; i++)
            memset(p[i] = meta_alloc(bytes), (int)(i / KEPT), bytes);
        size_t before = resident();
        for (size_t i = 0; i < COUNT; i++)
            if (i % KEPT)
                meta_free(p[i], bytes);
        ck_assert_uint_gt(before, bytes * COUNT);
        ck_assert_uint_lt(resident(), (space.meta.ready - space.meta.begin) / 8 + (4 << 20));
        for (size_t i = 0; i < COUNT; i += KEPT) {
            for (size_t at = 0; at < bytes; at++)
                REQUIRE(p[i][at] == i / KEPT);
            meta_free(p[i], bytes);
        }
    }
    stub_ahead_ms += 1100;
    meta_free(meta_alloc(600), 600);
    ck_assert_uint_lt(resident(), (size_t)3 << 19); /* the first MiB stays, and nodes */
}
END_TEST

START_TEST(pages_that_can_not_go_back_are_used_again)
{
    enum { COUNT = 3000, BYTES = 8000 };
    static unsigned char *p[COUNT];
    stub_discard_fails = true;
    for (int turn = 0; turn < 3; turn++) {
        uintptr_t ready = space.meta.ready;
        for (int i = 0; i < COUNT; i++)
            REQUIRE((p[i] = meta_alloc(BYTES)) != NULL);
        for (int i = 0; i < COUNT; i++)
            meta_free(p[i], BYTES);
        ck_assert(turn == 0 || space.meta.ready == ready);
    }
}
END_TEST

START_TEST(impossible_sizes)
{
    ck_assert_ptr_null(meta_alloc(SIZE_MAX));
    ck_assert_ptr_null(meta_alloc((size_t)1 << 63));
    ck_assert_ptr_null(meta_alloc(((size_t)1 << 63) + 1));
    ck_assert_ptr_null(meta_alloc((size_t)1 << 47));
    ck_assert_ptr_null(meta_alloc((size_t)1 << 48));
    ck_assert_ptr_null(meta_alloc_zeroed(SIZE_MAX));
    ck_assert_ptr_nonnull(meta_alloc(0));
    meta_free(NULL, 0);
    meta_free(NULL, 1000);
}
END_TEST

START_TEST(injected_failure_comes_once)
{
    for (long n = 0; n < 5; n++) {
        meta_fail_after = n;
        for (long i = 0; i < 10; i++)
            ck_assert_msg((meta_alloc(16) == NULL) == (i == n), "%ld of %ld", i, n);
        ck_assert_int_eq(meta_fail_after, -1);
    }
}
END_TEST

START_TEST(the_system_says_no)
{
    stub_allow_left = 0;
    ck_assert_ptr_null(meta_alloc(16));
    ck_assert_ptr_null(meta_alloc_zeroed(4096));
    stub_allow_left = -1;
    ck_assert_ptr_nonnull(meta_alloc(16));
}
END_TEST

static void churn(void *unused, unsigned number)
{
    enum { SLOTS = 64, ROUNDS = UNIT_TSAN ? 4000 : 20000 };
    unsigned char *p[SLOTS] = {0};
    size_t bytes[SLOTS];
    uint64_t seed = unit_seed(number);
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        size_t slot = unit_below(&seed, SLOTS);
        if (p[slot]) {
            REQUIRE(p[slot][0] == number && p[slot][bytes[slot] - 1] == number);
            meta_free(p[slot], bytes[slot]);
        }
        bytes[slot] = 1 + unit_below(&seed, i % 8 ? 500 : 50000);
        p[slot] = meta_alloc(bytes[slot]);
        REQUIRE(p[slot]);
        memset(p[slot], (int)number, bytes[slot]);
    }
}

START_TEST(threads)
{
    unit_threads(4, churn, NULL);
}
END_TEST

Suite *suite_meta(void)
{
    Suite *s = suite_create("meta");
    TCase *c = unit_case(s, "meta");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, aligned_and_apart);
    tcase_add_test(c, zeroed_also_when_used_before);
    tcase_add_test(c, reuse);
    tcase_add_test(c, a_million_turns_cost_no_memory);
    tcase_add_test(c, free_pages_go_back);
    tcase_add_test(c, pages_that_can_not_go_back_are_used_again);
    tcase_add_test(c, impossible_sizes);
    tcase_add_test(c, injected_failure_comes_once);
    tcase_add_test(c, the_system_says_no);
    c = unit_case_threads(s, "meta_threads");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, threads);
    return s;
}
