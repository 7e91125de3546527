/* SPDX-License-Identifier: MIT
 *
 * lock.h: mutual exclusion with and without waiting, ranks (I7), fork's reset. */
#include "../../preload/lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

enum { THREADS = 4, ROUNDS = UNIT_TSAN ? 5000 : 50000 };

static uint64_t counters[LOCK_COUNT]; /* plain on purpose: each guarded by its lock */

static void count(void *unused, unsigned number)
{
    (void)unused;
    uint64_t seed = unit_seed(number);
    for (int i = 0; i < ROUNDS; i++) {
        enum lock_rank r = (enum lock_rank)unit_below(&seed, LOCK_COUNT);
        lock_take(r);
        counters[r]++;
        lock_release(r);
    }
}

START_TEST(excludes_each_other)
{
    unit_threads(THREADS, count, NULL);
    uint64_t sum = 0;
    for (int r = 0; r < LOCK_COUNT; r++)
        sum += counters[r];
    ck_assert_uint_eq(sum, (uint64_t)THREADS * ROUNDS);
}
END_TEST

static void hold_and_sleep(void *unused, unsigned number)
{
    (void)unused;
    (void)number;
    for (int i = 0; i < 20; i++) {
        lock_take(LOCK_CAGE);
        uint64_t before = counters[0]++;
        usleep(500);
        REQUIRE(counters[0] == before + 1);
        lock_release(LOCK_CAGE);
    }
}

/* With the holder asleep, the others wait in the kernel and must be woken. */
START_TEST(waiters_are_woken)
{
    unit_threads(THREADS, hold_and_sleep, NULL);
    ck_assert_uint_eq(counters[0], THREADS * 20);
}
END_TEST

static void nest_upwards(void *unused, unsigned number)
{
    (void)unused;
    for (int i = 0; i < ROUNDS / 20; i++) {
        lock_take_all(number % LOCK_COUNT);
        counters[LOCK_META]++;
        lock_release_all(number % LOCK_COUNT);
    }
}

START_TEST(all_in_order_do_not_deadlock)
{
    unit_threads(THREADS, nest_upwards, NULL);
    ck_assert_uint_eq(counters[LOCK_META], (uint64_t)THREADS * (ROUNDS / 20));
}
END_TEST

START_TEST(release_order_is_free)
{
    lock_take(LOCK_CHECK);
    lock_take(LOCK_TRACES);
    lock_take(LOCK_META);
    lock_release(LOCK_TRACES);
    lock_release(LOCK_CHECK);
    lock_release(LOCK_META);
    lock_take_all(LOCK_CHECK);
    lock_release_all(LOCK_CHECK);
}
END_TEST

struct pair {
    enum lock_rank first, second;
};

static void take_both(void *arg)
{
    const struct pair *p = arg;
    lock_take(p->first);
    lock_take(p->second);
}

/* Every pair of ranks: ascending works, all else traps before it can wait. */
START_TEST(ranks_are_checked)
{
    for (int a = 0; a < LOCK_COUNT; a++)
        for (int b = 0; b < LOCK_COUNT; b++) {
            struct pair p = {(enum lock_rank)a, (enum lock_rank)b};
            int status = unit_child(take_both, &p);
            const char *text = unit_captured();
            if (a < b) {
                ck_assert_msg(status == 0, "%d then %d", a, b);
            } else {
                ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGILL, "%d then %d", a,
                              b);
                ck_assert_ptr_nonnull(strstr(text, "assertion failed"));
            }
        }
}
END_TEST

static void release_free_one(void *unused)
{
    (void)unused;
    lock_release(LOCK_CAGE);
}

START_TEST(releasing_what_is_not_held_traps)
{
    int status = unit_child(release_free_one, NULL);
    unit_captured();
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGILL);
}
END_TEST

static void reset_and_take(void *unused)
{
    (void)unused;
    lock_reset_all(LOCK_THREADS);
    lock_take(LOCK_THREADS);
    lock_take_all(LOCK_THREADS + 1);
    lock_release_all(LOCK_THREADS);
}

START_TEST(child_of_fork_resets)
{
    lock_take_all(LOCK_THREADS);
    ck_assert_int_eq(unit_child(reset_and_take, NULL), 0);
    lock_release_all(LOCK_THREADS);
    ck_assert_str_eq(unit_captured(), "");
}
END_TEST

Suite *suite_lock(void)
{
    Suite *s = suite_create("lock");
    TCase *c = unit_case_threads(s, "lock_threads");
    tcase_add_test(c, excludes_each_other);
    tcase_add_test(c, waiters_are_woken);
    tcase_add_test(c, all_in_order_do_not_deadlock);
    c = unit_case(s, "lock_ranks");
    tcase_add_test(c, release_order_is_free);
    tcase_add_test(c, ranks_are_checked);
    tcase_add_test(c, releasing_what_is_not_held_traps);
    tcase_add_test(c, child_of_fork_resets);
    return s;
}
