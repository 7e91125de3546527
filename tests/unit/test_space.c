/* SPDX-License-Identifier: MIT
 *
 * space.h: the cut of the reservation, growth, scratch memory, limits on address space. */
#include "../../preload/space.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../../preload/cage.h"
#include "unit.h"

static const struct space_part *const parts[] = {&space.meta,  &space.traces,  &space.scratch,
                                                 &space.kept,  &space.resized, &space.owners,
                                                 &space.slabs, &space.cage};
enum { PARTS = sizeof parts / sizeof *parts };

static void check_parts(void)
{
    for (size_t i = 0; i < PARTS; i++) {
        ck_assert_uint_ne(parts[i]->begin, 0);
        ck_assert_uint_le(parts[i]->begin, parts[i]->ready);
        ck_assert_uint_le(parts[i]->ready, parts[i]->end);
        ck_assert_uint_lt(parts[i]->begin, parts[i]->end);
        if (i)
            ck_assert_uint_le(parts[i - 1]->end, parts[i]->begin);
    }
    size_t slices = (space.cage.end - space.cage.begin) / SLICE_BYTES;
    ck_assert_uint_eq(space.cage.begin % SLICE_BYTES, 0);
    ck_assert_uint_ge(space.owners.end - space.owners.begin, slices * 4);
    ck_assert_uint_ge(space.slabs.end - space.slabs.begin, slices * 128);
    ck_assert_uint_ge(space.resized.end - space.resized.begin, slices * 4096 / 8);
    ck_assert_uint_ge(space.kept.end - space.kept.begin, slices * (2 * 4096 / 8 + 2 * 16 / 8 + 8));
    ck_assert_uint_le(space.traces.end - space.traces.begin, (size_t)8 << 30); /* 30-bit ids */
}

START_TEST(parts_do_not_overlap)
{
    check_parts();
    ck_assert(space_is_ours(space.meta.begin));
    ck_assert(space_is_ours(space.slabs.end - 1));
    ck_assert(!space_is_ours(space.meta.begin - 1));
    ck_assert(!space_is_ours(space.cage.begin));
    ck_assert(!space_in_cage(space.cage.begin)); /* nothing is ready yet */
}
END_TEST

START_TEST(grows_in_place)
{
    struct space_part before = space.cage;
    ck_assert(space_grow(&space.cage, space.cage.begin + 1));
    ck_assert_uint_eq(space.cage.begin, before.begin);
    ck_assert_uint_eq(space.cage.end, before.end);
    ck_assert_uint_gt(space.cage.ready, before.begin);
    ck_assert_uint_eq(space.cage.ready % 4096, 0);
    ck_assert(space_in_cage(space.cage.begin));
    ck_assert(space_in_cage(space.cage.ready - 1));
    ck_assert(!space_in_cage(space.cage.ready));
    ck_assert(!space_in_cage(space.cage.begin - 1));
    *(volatile char *)(space.cage.ready - 1) = 1;
    uintptr_t ready = space.cage.ready;
    ck_assert(space_grow(&space.cage, ready)); /* nothing to do */
    ck_assert_uint_eq(space.cage.ready, ready);
    ck_assert(space_grow(&space.cage, ready + (3 << 20)));
    ck_assert_uint_ge(space.cage.ready, ready + (3 << 20));
    *(volatile char *)(space.cage.ready - 1) = 1;
    ck_assert(!space_grow(&space.cage, space.cage.end + 1));
}
END_TEST

static void touch(void *at)
{
    *(volatile char *)at = 1;
}

START_TEST(what_is_not_ready_is_out_of_reach)
{
    space_grow(&space.cage, space.cage.begin + 1);
    int status = unit_child(touch, (void *)space.cage.ready);
    unit_captured();
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    ck_assert_int_eq(unit_child(touch, (void *)(space.cage.ready - 1)), 0);
    unit_captured();
}
END_TEST

START_TEST(refused_growth_changes_nothing)
{
    space_grow(&space.cage, space.cage.begin + 1);
    struct space_part before = space.cage;
    stub_allow_left = 0;
    ck_assert(!space_grow(&space.cage, before.ready + 1));
    ck_assert_mem_eq(&before, &space.cage, sizeof before);
    stub_allow_left = -1;
    ck_assert(space_grow(&space.cage, before.ready + 1));
}
END_TEST

/* --- Scratch memory --------------------------------------------------------------------------- */

static bool is_zero(const char *p, size_t bytes)
{
    return bytes == 0 || (p[0] == 0 && !memcmp(p, p + 1, bytes - 1));
}

START_TEST(scratch_is_zeroed_and_aligned)
{
    for (int round = 0; round < 3; round++) {
        uintptr_t end = space.scratch.begin;
        for (size_t bytes = 1; bytes < 300000; bytes += bytes / 3 + 1) {
            char *p = scratch_alloc(bytes);
            ck_assert_ptr_nonnull(p);
            ck_assert_uint_eq((uintptr_t)p % 64, 0);
            ck_assert_uint_ge((uintptr_t)p, end);
            ck_assert(is_zero(p, bytes));
            memset(p, 0xee, bytes);
            end = (uintptr_t)p + bytes;
        }
        ck_assert_uint_le(end, space.scratch.end);
        scratch_reset();
    }
    ck_assert_uint_eq((uintptr_t)scratch_alloc(1), space.scratch.begin);
}
END_TEST

/* maps.c and helper.c rely on it. */
START_TEST(scratch_of_64_byte_multiples_is_contiguous)
{
    char *a = scratch_alloc(64 << 10);
    char *b = scratch_alloc(192);
    char *c = scratch_alloc(64);
    ck_assert_ptr_eq(b, a + (64 << 10));
    ck_assert_ptr_eq(c, b + 192);
}
END_TEST

START_TEST(scratch_says_no)
{
    ck_assert_ptr_null(scratch_alloc(SIZE_MAX));
    ck_assert_ptr_null(scratch_alloc(space.scratch.end - space.scratch.begin + 1));
    stub_allow_left = 0;
    ck_assert_ptr_null(scratch_alloc(1));
    stub_allow_left = -1;
    ck_assert_ptr_nonnull(scratch_alloc(1));
}
END_TEST

START_TEST(scratch_reset_gives_pages_back)
{
    enum { BYTES = 1 << 20 };
    unsigned char resident[BYTES / 4096];
    char *p = scratch_alloc(BYTES);
    memset(p, 1, BYTES);
    scratch_reset();
    ck_assert_int_eq(mincore(p, BYTES, resident), 0);
    for (size_t i = 0; i < sizeof resident; i++)
        REQUIRE(!(resident[i] & 1));
}
END_TEST

/* --- Little address space --------------------------------------------------------------------- */

START_TEST(halves_until_the_system_agrees)
{
    stub_reserve_most = (size_t)1 << 30;
    ck_assert_int_eq(space_init(), 0);
    check_parts();
    ck_assert_uint_le(space.cage.end - space.meta.begin, (size_t)1 << 30);
    ck_assert_uint_ge(space.cage.end - space.cage.begin, (size_t)256 << 20);
}
END_TEST

START_TEST(no_address_space)
{
    stub_reserve_most = 1 << 20;
    ck_assert_int_eq(space_init(), -ENOMEM);
}
END_TEST

static size_t used_now(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    ck_assert_int_eq(fscanf(f, "%lu", &pages), 1);
    fclose(f);
    return pages * 4096;
}

/* A third of what the limit leaves stays the program's, and all of the cage can be used. */
START_TEST(under_a_limit)
{
    size_t left = (size_t)3 << 30;
    struct rlimit limit = {used_now() + left, RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
    ck_assert_int_eq(space_init(), 0);
    check_parts();
    size_t cage = space.cage.end - space.cage.begin;
    ck_assert_uint_ge(cage, left / 4);
    ck_assert_uint_le(cage, left);
    void *p = mmap(NULL, left / 3 - (1 << 20), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(p, MAP_FAILED);
    ck_assert(space_grow(&space.cage, space.cage.end));
    ck_assert(space_grow(&space.slabs, space.slabs.end));
}
END_TEST

START_TEST(a_tiny_cage_is_used_to_the_last_slice)
{
    stub_reserve_most = (size_t)64 << 20;
    unit_space();
    size_t slices = (space.cage.end - space.cage.begin) / SLICE_BYTES;
    size_t taken = 0;
    while (cage_take(1, 1))
        taken++;
    ck_assert_uint_eq(taken, slices - 1); /* slice 0 is never used */
    ck_assert(cage_is_valid());
}
END_TEST

Suite *suite_space(void)
{
    Suite *s = suite_create("space");
    TCase *c = unit_case(s, "space");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, parts_do_not_overlap);
    tcase_add_test(c, grows_in_place);
    tcase_add_test(c, what_is_not_ready_is_out_of_reach);
    tcase_add_test(c, refused_growth_changes_nothing);
    c = unit_case(s, "scratch");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, scratch_is_zeroed_and_aligned);
    tcase_add_test(c, scratch_of_64_byte_multiples_is_contiguous);
    tcase_add_test(c, scratch_says_no);
    tcase_add_test(c, scratch_reset_gives_pages_back);
    c = unit_case(s, "space_limits");
    tcase_add_test(c, halves_until_the_system_agrees);
    tcase_add_test(c, no_address_space);
    if (!UNIT_ASAN && !UNIT_TSAN) /* their shadow needs all of the address space */
        tcase_add_test(c, under_a_limit);
    tcase_add_test(c, a_tiny_cage_is_used_to_the_last_slice);
    return s;
}
