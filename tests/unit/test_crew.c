/* SPDX-License-Identifier: MIT
 *
 * crew.h: each part of a piece of work is done once, by somebody; the threads come and go. */
#include "../../scanner/crew.h"

#include <dirent.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../preload/space.h"
#include "unit.h"

enum { PARTS = 3000 };
static uint32_t times[PARTS];

static void count(uint32_t part, void *arg)
{
    __atomic_add_fetch(&times[part], *(const uint32_t *)arg, __ATOMIC_RELAXED);
}

/* How many threads of the process the crew owns, and how many there are. */
static unsigned crew_seen(unsigned *ret_all)
{
    unsigned seen = 0;
    DIR *folder = opendir("/proc/self/task");
    *ret_all = 0;
    for (struct dirent *e; (e = readdir(folder));)
        if (e->d_name[0] != '.') {
            ++*ret_all;
            seen += crew_has(atoi(e->d_name));
        }
    closedir(folder);
    return seen;
}

static void work_through(void)
{
    uint32_t sum = 0;
    for (uint32_t turn = 1; turn < 400; turn++) {
        uint32_t parts = turn % 5 ? turn % 7 : PARTS;
        uint32_t before[PARTS];
        memcpy(before, times, sizeof times);
        crew_run(count, &turn, parts);
        for (uint32_t i = 0; i < PARTS; i++)
            REQUIRE(times[i] == before[i] + (i < parts ? turn : 0));
        sum += parts;
    }
    ck_assert_uint_gt(sum, PARTS);
}

START_TEST(each_part_once)
{
    unsigned all, before;
    unsigned wanted = (unsigned)_i;
    cpu_set_t mine;
    REQUIRE(sched_getaffinity(0, sizeof mine, &mine) == 0);
    int processors = CPU_COUNT(&mine);
    crew_seen(&before);
    unsigned hired = crew_begin(wanted);
    ck_assert_uint_le(hired, wanted);
    ck_assert_uint_le(hired + 1, (unsigned)processors);
    ck_assert(hired == wanted || hired + 1 == (unsigned)processors);
    ck_assert_uint_eq(crew_seen(&all), hired);
    ck_assert_uint_eq(all, before + hired);
    work_through();
    crew_end();
    ck_assert_uint_eq(crew_seen(&all), 0);
    for (int i = 0; i < 5000 && all > before; i++) { /* the kernel has its last word */
        usleep(1000);
        crew_seen(&all);
    }
    ck_assert_uint_eq(all, before);
}
END_TEST

START_TEST(hired_again_and_again)
{
    for (int i = 0; i < 50; i++) {
        uint32_t one = 1;
        crew_begin(3);
        memset(times, 0, sizeof times);
        for (int k = 0; k < i % 3; k++)
            crew_run(count, &one, 10);
        crew_end();
        ck_assert_uint_eq(times[9], i % 3);
        scratch_reset();
    }
}
END_TEST

Suite *suite_crew(void)
{
    Suite *s = suite_create("crew");
    TCase *c = unit_case(s, "crew");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_loop_test(c, each_part_once, 0, 4);
    tcase_add_test(c, hired_again_and_again);
    return s;
}
