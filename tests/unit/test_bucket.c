/* SPDX-License-Identifier: MIT
 *
 * bucket.h: what is put comes out, once, whatever the order; and how much may wait. */
#include "../../scanner/bucket.h"

#include <stdlib.h>

#include "../../preload/space.h"
#include "unit.h"

static const size_t CAGE = (size_t)3 << 40;
static struct buckets *b;

static void begin(size_t bytes)
{
    scratch_reset();
    b = scratch_alloc(sizeof *b);
    REQUIRE(b);
    bucket_init(b, bytes);
}

static void begin_large(void)
{
    begin(CAGE);
}

static bool take(size_t *ret_offset)
{
    if (!b->bucket[b->current].top && !bucket_go_on(b))
        return false;
    *ret_offset = bucket_pop(b);
    if (!bucket_count(b))
        bucket_drop(b, &b->bucket[b->current]);
    return true;
}

static int compare(const void *one, const void *other)
{
    size_t x = *(const size_t *)one, y = *(const size_t *)other;
    return x < y ? -1 : x > y;
}

START_TEST(what_is_put_comes_out_once)
{
    enum { COUNT = 60000 };
    static size_t in[COUNT], out[COUNT];
    uint64_t seed = unit_seed(88);
    size_t put = 0, taken = 0, offset;
    while (put < COUNT) {
        for (size_t n = unit_below(&seed, 3000); n && put < COUNT; n--) {
            in[put] = (unit_random(&seed) << 20 ^ unit_random(&seed)) % CAGE;
            bucket_put(b, in[put++]);
        }
        for (size_t n = unit_below(&seed, 2500); n && take(&offset); n--)
            out[taken++] = offset;
    }
    while (take(&offset))
        out[taken++] = offset;
    ck_assert_uint_eq(taken, COUNT);
    ck_assert_uint_eq(b->chunks, 0);
    qsort(in, COUNT, sizeof *in, compare);
    qsort(out, COUNT, sizeof *out, compare);
    ck_assert(memcmp(in, out, sizeof in) == 0);
}
END_TEST

START_TEST(edges_of_the_cage)
{
    const size_t edge[] = {0, 1, CAGE / 2, ((size_t)1 << 32) - 1, (size_t)1 << 32, CAGE - 1};
    for (size_t i = 0; i < sizeof edge / sizeof *edge; i++) {
        size_t offset;
        bucket_put(b, edge[i]);
        ck_assert(bucket_is_single(b));
        ck_assert(take(&offset));
        ck_assert_uint_eq(offset, edge[i]);
        ck_assert(!take(&offset));
    }
}
END_TEST

START_TEST(two_are_not_single)
{
    size_t offset;
    ck_assert(!bucket_is_single(b));
    bucket_put(b, 100);
    ck_assert(bucket_is_single(b));
    bucket_put(b, 200);
    ck_assert(!bucket_is_single(b));
    take(&offset);
    bucket_put(b, CAGE - 100);
    ck_assert(!bucket_is_single(b));
    take(&offset);
    ck_assert(bucket_is_single(b));
}
END_TEST

/* Regions are emptied one after the other: hardly a change of region for many words. */
START_TEST(neighbours_come_together)
{
    enum { COUNT = 100000 };
    uint64_t seed = unit_seed(5);
    size_t changes = 0, before = SIZE_MAX, offset;
    for (int i = 0; i < COUNT; i++)
        bucket_put(b, unit_random(&seed) % CAGE);
    for (; take(&offset); before = offset)
        changes += offset >> b->shift != before >> b->shift;
    ck_assert_uint_le(changes, BUCKETS + 1);
}
END_TEST

START_TEST(a_crowded_one_comes_next)
{
    const size_t region = (size_t)1 << b->shift;
    size_t offset;
    for (size_t i = 0; i < BUCKETS && i * region < CAGE; i++)
        bucket_put(b, i * region);
    take(&offset);
    size_t last = (CAGE - 1) & -region;
    for (size_t i = 0; i <= b->crowd * (BUCKET_CHUNK / sizeof(uint32_t)); i++)
        bucket_put(b, last + i);
    take(&offset);
    ck_assert_uint_eq(offset & -region, last);
}
END_TEST

START_TEST(full_is_full)
{
    begin(1 << 30);
    size_t count = 0;
    for (; !bucket_is_full(b); count++)
        bucket_put(b, count % (1 << 30));
    ck_assert_uint_ge(b->chunks * BUCKET_CHUNK, (1 << 30) / 256);
    ck_assert_uint_le(b->chunks * BUCKET_CHUNK, (1 << 30) / 100);
    for (size_t offset; count && take(&offset);)
        count--;
    ck_assert_uint_eq(count, 0);
    ck_assert(!bucket_is_full(b));
}
END_TEST

/* What did not find room is missing, and that is said. */
START_TEST(no_memory)
{
    size_t offset, put = 0;
    stub_allow_left = 0;
    while (!b->failed && put < 100000000)
        bucket_put(b, put++);
    ck_assert(b->failed);
    for (put--; put && take(&offset); put--)
        ;
    ck_assert_uint_eq(put, 0);
    ck_assert(!take(&offset));
}
END_TEST

Suite *suite_bucket(void)
{
    Suite *s = suite_create("bucket");
    TCase *c = unit_case(s, "bucket");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_checked_fixture(c, begin_large, NULL);
    tcase_add_test(c, what_is_put_comes_out_once);
    tcase_add_test(c, edges_of_the_cage);
    tcase_add_test(c, two_are_not_single);
    tcase_add_test(c, neighbours_come_together);
    tcase_add_test(c, a_crowded_one_comes_next);
    tcase_add_test(c, full_is_full);
    tcase_add_test(c, no_memory);
    return s;
}
