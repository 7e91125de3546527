/* SPDX-License-Identifier: MIT
 *
 * heuristics.h: each by itself, on and off, and near misses. */
#include "../../scanner/heuristics.h"

#include "../../preload/options.h"
#include "unit.h"

enum { BYTES = 100 };
static uint64_t *words;
static struct block block;
static struct maps maps;

static void setup(void)
{
    unit_alive();
    words = alloc_new(BYTES, 16, true, unit_frame);
    REQUIRE(words && alloc_find((uintptr_t)words, &block));
    scratch_reset();
    REQUIRE(maps_read(&maps));
    heuristics_begin(false);
}

/* Whether the heuristic says yes: it alone, and all but it. */
static bool says(enum heuristic h, size_t offset)
{
    options.heuristics = 1u << h;
    bool alone = heuristics_is_start(block.begin + offset, &block, &maps);
    options.heuristics = ~(1u << h);
    REQUIRE(!alone || !heuristics_is_start(block.begin + offset, &block, &maps));
    return alone;
}

START_TEST(length64)
{
    words[0] = BYTES - 8;
    options.heuristics = 1u << HEURISTIC_LENGTH64;
    ck_assert(heuristics_is_start(block.begin + 8, &block, &maps));
    ck_assert(!heuristics_is_start(block.begin + 16, &block, &maps));
    options.heuristics = 0;
    ck_assert(!heuristics_is_start(block.begin + 8, &block, &maps));
    words[0] = BYTES - 9;
    ck_assert(!says(HEURISTIC_LENGTH64, 8));
}
END_TEST

START_TEST(stdstring)
{
    words[0] = 5;
    words[1] = BYTES - 24 - 1;
    ck_assert(says(HEURISTIC_STDSTRING, 24));
    ck_assert(!says(HEURISTIC_STDSTRING, 16));
    words[0] = BYTES;
    ck_assert(!says(HEURISTIC_STDSTRING, 24));
    words[0] = 5;
    words[1]--;
    ck_assert(!says(HEURISTIC_STDSTRING, 24));
}
END_TEST

START_TEST(newarray)
{
    words[0] = 4; /* of 23 bytes */
    ck_assert(says(HEURISTIC_NEWARRAY, 8));
    ck_assert(!says(HEURISTIC_NEWARRAY, 16));
    words[0] = 5;
    ck_assert(!says(HEURISTIC_NEWARRAY, 8));
    words[0] = 0;
    ck_assert(!says(HEURISTIC_NEWARRAY, 8));
}
END_TEST

static void method(void) {}
static void (*const vtable[2])(void) = {method, method};
static void (*no_vtable[2])(void) = {method, method};

START_TEST(multipleinheritance)
{
    words[0] = words[3] = (uintptr_t)vtable;
    ck_assert(says(HEURISTIC_MULTIPLEINHERITANCE, 24));
    ck_assert(!says(HEURISTIC_MULTIPLEINHERITANCE, 16));
    ck_assert(!says(HEURISTIC_MULTIPLEINHERITANCE, 25));
    words[3] = (uintptr_t)no_vtable;
    ck_assert(!says(HEURISTIC_MULTIPLEINHERITANCE, 24));
}
END_TEST

Suite *suite_heuristics(void)
{
    Suite *s = suite_create("heuristics");
    TCase *c = unit_case(s, "heuristics");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, length64);
    tcase_add_test(c, stdstring);
    tcase_add_test(c, newarray);
    tcase_add_test(c, multipleinheritance);
    return s;
}
