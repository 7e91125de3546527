/* SPDX-License-Identifier: MIT
 *
 * cage.h against a simple model: the set of spans in use. After each step the identities hold,
 * every slice of every span names its owner, and memory that is called zeroed is zero. */
#include "../../preload/cage.h"

#include "../../preload/sys.h"
#include "unit.h"

enum { SPANS = 60 };

struct model {
    struct slab *span[SPANS]; /* NULL: not in use */
    size_t slices[SPANS];
    size_t in_use;
};

static char *page_of(const struct slab *s, size_t slice)
{
    return (char *)s->base + slice * SLICE_BYTES;
}

/* One word a slice says whose it is; it also makes the slice dirty. */
static void sign(const struct slab *s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        *(uint64_t *)(page_of(s, i) + 4096 * (i % 16)) = s->base;
}

static void check_signs(const struct slab *s, size_t slices)
{
    for (size_t i = 0; i < slices; i++)
        REQUIRE(*(uint64_t *)(page_of(s, i) + 4096 * (i % 16)) == s->base);
}

static void check_zero(const struct slab *s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        for (size_t at = 0; at < SLICE_BYTES; at += 4096)
            REQUIRE(*(uint64_t *)(page_of(s, i) + at) == 0);
}

static void check_span(const struct slab *s, size_t slices)
{
    REQUIRE(s->slices == slices);
    REQUIRE(s->base >= space.cage.begin && s->base + slices * SLICE_BYTES <= space.cage.ready);
    for (size_t i = 0; i < slices; i++) {
        REQUIRE(slab_of(s->base + i * SLICE_BYTES) == s);
        REQUIRE(slab_of(s->base + i * SLICE_BYTES + SLICE_BYTES - 1) == s);
    }
}

static void check(const struct model *m)
{
    REQUIRE(cage_is_valid());
    struct cage_stats stats = cage_stats();
    REQUIRE(stats.mapped_bytes == m->in_use * SLICE_BYTES);
    REQUIRE(stats.mapped_bytes + stats.free_bytes == (cage_top() - 1) * SLICE_BYTES);
    REQUIRE(stats.dirty_bytes <= stats.free_bytes);
    for (size_t i = 0; i < SPANS; i++)
        if (m->span[i])
            check_span(m->span[i], m->slices[i]);
}

static void take(struct model *m, size_t i, size_t slices, size_t align)
{
    struct slab *s = align == 1 && slices <= 8 ? cage_take_dense(slices) : cage_take(slices, align);
    REQUIRE(s != NULL);
    REQUIRE(s->kind == SLAB_NONE);
    REQUIRE(s->base % (align * SLICE_BYTES) == 0);
    if (s->zeroed)
        check_zero(s, 0, slices);
    cage_publish(s, SLAB_LARGE);
    sign(s, 0, slices);
    m->span[i] = s;
    m->slices[i] = slices;
    m->in_use += slices;
}

static void give(struct model *m, size_t i, bool clean)
{
    struct slab *s = m->span[i];
    check_signs(s, m->slices[i]);
    if (clean) {
        REQUIRE(!sys_renew((void *)s->base, m->slices[i] * SLICE_BYTES));
        cage_give_clean(s);
    } else {
        cage_give(s);
    }
    m->in_use -= m->slices[i];
    m->span[i] = NULL;
}

static void extend(struct model *m, size_t i, size_t more)
{
    struct slab *s = m->span[i];
    size_t slices = m->slices[i];
    if (cage_extend(s, slices + more)) {
        if (s->zeroed)
            check_zero(s, slices, slices + more);
        sign(s, slices, slices + more);
        m->slices[i] += more;
        m->in_use += more;
    }
    check_signs(s, m->slices[i]);
}

static void trim(struct model *m, size_t i, size_t slices)
{
    cage_trim(m->span[i], slices);
    m->in_use -= m->slices[i] - slices;
    m->slices[i] = slices;
    check_signs(m->span[i], slices);
}

/* Mostly short spans, as slabs are, some long ones. */
static size_t some_slices(uint64_t *seed)
{
    static const size_t most[] = {1, 2, 4, 8, 9, 40, 300};
    return 1 + unit_below(seed, most[unit_below(seed, sizeof most / sizeof *most)]);
}

static void random_steps(uint64_t seed, int steps, bool aligned)
{
    struct model m = {0};
    for (int step = 0; step < steps; step++) {
        size_t i = unit_below(&seed, SPANS);
        size_t what = unit_below(&seed, 100);
        if (!m.span[i])
            take(&m, i, some_slices(&seed), aligned ? (size_t)1 << unit_below(&seed, 7) : 1);
        else if (what < 50)
            give(&m, i, what < 10);
        else if (what < 75)
            extend(&m, i, some_slices(&seed));
        else if (what < 98)
            trim(&m, i, 1 + unit_below(&seed, m.slices[i]));
        else if (what < 99)
            cage_purge();
        else
            stub_ahead_ms += 600;
        check(&m);
    }
    for (size_t i = 0; i < SPANS; i++)
        if (m.span[i])
            give(&m, i, false);
    check(&m);
    cage_purge();
    REQUIRE(cage_top() == 1);
}

enum { STEPS = UNIT_ASAN ? 1500 : 6000 };

START_TEST(random_model)
{
    random_steps(unit_seed((uint64_t)_i), STEPS, false);
}
END_TEST

START_TEST(random_model_with_alignment)
{
    random_steps(unit_seed((uint64_t)_i + 100), STEPS, true);
}
END_TEST

START_TEST(fresh_memory_is_zeroed)
{
    struct slab *s = cage_take(3, 1);
    ck_assert(s->zeroed);
    check_zero(s, 0, 3);
    ck_assert_uint_eq(slab_slice(s), 1); /* slice 0 is never used */
    ck_assert_uint_eq(cage_top(), 4);
}
END_TEST

START_TEST(neighbours_merge)
{
    struct slab *s[5];
    for (int i = 0; i < 5; i++)
        s[i] = cage_take(2, 1);
    size_t top = cage_top();
    cage_give(s[1]);
    cage_give(s[3]);
    cage_give(s[2]); /* merges both ways */
    ck_assert(cage_is_valid());
    struct slab *all = cage_take(6, 1);
    ck_assert_uint_eq(all->base, slice_address(3));
    ck_assert_uint_eq(cage_top(), top);
    ck_assert(!all->zeroed);
    cage_give(all);
    cage_give(s[0]);
    cage_give(s[4]);
    ck_assert_uint_eq(cage_stats().free_bytes, 10 * SLICE_BYTES);
    all = cage_take(10, 1);
    ck_assert_uint_eq(all->base, slice_address(1));
    ck_assert_uint_eq(cage_top(), top);
}
END_TEST

START_TEST(alignment)
{
    for (size_t align = 1; align <= 1024; align *= 2)
        for (size_t slices = 1; slices <= 5; slices++) {
            struct slab *s = cage_take(slices, align);
            ck_assert_uint_eq(s->base % (align * SLICE_BYTES), 0);
            check_span(s, slices);
            cage_publish(s, SLAB_LARGE);
            ck_assert(cage_is_valid());
        }
}
END_TEST

START_TEST(purge_gives_everything_back)
{
    struct slab *a = cage_take(8, 1);
    struct slab *b = cage_take(1, 1);
    sign(a, 0, 8);
    cage_give(a);
    ck_assert_uint_eq(cage_stats().dirty_bytes, 8 * SLICE_BYTES);
    ck_assert_uint_eq(cage_purge(), 8 * SLICE_BYTES);
    ck_assert_uint_eq(cage_stats().dirty_bytes, 0);
    ck_assert_uint_eq(cage_purge(), 0);
    a = cage_take(8, 1);
    ck_assert(a->zeroed);
    check_zero(a, 0, 8);
    cage_give(b);
}
END_TEST

/* When the pages can't be given back, nobody may believe that they are zero. */
START_TEST(a_failed_discard_is_remembered)
{
    struct slab *a = cage_take(8, 1);
    cage_take(1, 1);
    sign(a, 0, 8);
    cage_give(a);
    stub_discard_fails = true;
    cage_purge();
    ck_assert_uint_eq(cage_stats().dirty_bytes, 8 * SLICE_BYTES);
    ck_assert(!cage_take(8, 1)->zeroed);
    ck_assert(cage_is_valid());
}
END_TEST

START_TEST(much_freed_memory_goes_back_at_once)
{
    enum { MANY = 300 }; /* 300 MiB, half of all */
    struct slab *s[2 * MANY];
    for (int i = 0; i < 2 * MANY; i++) {
        s[i] = cage_take(16, 1);
        sign(s[i], 0, 16);
    }
    for (int i = 0; i < 2 * MANY; i += 2)
        cage_give(s[i]);
    ck_assert_uint_eq(cage_stats().free_bytes, (size_t)MANY * 16 * SLICE_BYTES);
    ck_assert_uint_le(cage_stats().dirty_bytes, 64u << 20);
}
END_TEST

/* Half of what nobody wanted for a second goes back at the next call, so all of it in the end. */
START_TEST(what_is_not_wanted_goes_back_with_time)
{
    size_t most = 512 * SLICE_BYTES; /* less than what may stay */
    struct slab *s = cage_take(512, 1);
    struct slab *other = cage_take(1, 1);
    sign(s, 0, 512);
    cage_give(s);
    ck_assert_uint_eq(cage_stats().dirty_bytes, most);
    cage_give(other);
    ck_assert_uint_eq(cage_stats().dirty_bytes, most + SLICE_BYTES);
    for (int second = 0; second < 10; second++) {
        stub_ahead_ms += 1100;
        cage_publish(s = cage_take(1, 1), SLAB_LARGE);
        ck_assert_uint_le(cage_stats().dirty_bytes, most >> second);
        cage_give(s);
        ck_assert(cage_is_valid());
    }
    ck_assert_uint_le(cage_stats().dirty_bytes, 2 * SLICE_BYTES);
}
END_TEST

START_TEST(what_is_wanted_each_second_stays)
{
    for (int turn = 0; turn < 20; turn++) {
        struct slab *s = cage_take(512, 1);
        ck_assert_msg(s->zeroed == (turn == 0), "turn %d", turn);
        stub_ahead_ms += 700;
        cage_give(s);
        stub_ahead_ms += 200;
        ck_assert_uint_eq(cage_stats().dirty_bytes, 512 * SLICE_BYTES);
    }
}
END_TEST

/* Of a free span whose middle was given back, and ends were used again. */
START_TEST(dirty_slices_are_known_one_by_one)
{
    struct slab *s[3];
    for (int i = 0; i < 3; i++) {
        s[i] = cage_take(4, 1);
        sign(s[i], 0, 4);
    }
    struct slab *wall = cage_take(1, 1);
    cage_give(s[1]);
    cage_purge();
    cage_give(s[0]);
    cage_give(s[2]); /* dirty, clean, dirty: one span */
    ck_assert_uint_eq(cage_stats().dirty_bytes, 8 * SLICE_BYTES);
    ck_assert(cage_is_valid());
    struct slab *a = cage_take(4, 1);
    ck_assert(!a->zeroed);
    struct slab *b = cage_take(4, 1);
    ck_assert(b->zeroed);
    check_zero(b, 0, 4);
    ck_assert(!cage_take(4, 1)->zeroed);
    ck_assert_uint_eq(cage_stats().free_bytes, 0);
    cage_give(wall);
}
END_TEST

/* Space that was given back at the top is as if never used: no span, no owner, no data. */
START_TEST(the_top_comes_down)
{
    struct slab *low = cage_take(1, 1);
    struct slab *s = cage_take(5000, 1);
    uintptr_t base = s->base;
    sign(s, 0, 5000);
    cage_give(s);
    cage_purge();
    ck_assert_uint_eq(cage_top(), 2);
    ck_assert(cage_is_valid());
    for (size_t i = 0; i < 5000; i++)
        REQUIRE(slab_of(base + i * SLICE_BYTES) == slab_at(0));
    s = cage_take(5000, 1);
    ck_assert_uint_eq(s->base, base);
    ck_assert(s->zeroed);
    check_zero(s, 0, 5000);
    cage_give(low);
}
END_TEST

START_TEST(dense_spans_have_huge_pages_of_their_own)
{
    struct slab *s = cage_take_dense(1);
    ck_assert_uint_eq(cage_top(), 2); /* not in a small heap */
    cage_publish(cage_take(1000, 1), SLAB_LARGE);
    size_t top = cage_top();
    s = cage_take_dense(1);
    ck_assert_uint_eq(s->base % (2 << 20), 0);
    ck_assert_uint_ge(s->base, slice_address(top));
    top = cage_top();
    ck_assert_uint_eq(slice_address(top), s->base + 32ul * SLICE_BYTES);
    for (size_t left = cage_stats().free_bytes; left; left -= SLICE_BYTES)
        ck_assert(cage_take_dense(1)->zeroed);
    ck_assert_uint_eq(cage_top(), top); /* those that were passed over, and the rest of the 32 */
    ck_assert(cage_is_valid());
    ck_assert_uint_eq(cage_take_dense(1)->base, s->base + 32ul * SLICE_BYTES);
}
END_TEST

START_TEST(extending)
{
    struct slab *a = cage_take(2, 1);
    struct slab *b = cage_take(2, 1);
    cage_publish(a, SLAB_LARGE);
    cage_publish(b, SLAB_LARGE);
    ck_assert(!cage_extend(a, 3)); /* b is in the way */
    ck_assert_uint_eq(a->slices, 2);
    ck_assert(cage_extend(b, 5)); /* at the top: fresh */
    ck_assert(b->zeroed);
    check_span(b, 5);
    sign(b, 0, 5);
    cage_trim(b, 1);
    ck_assert(cage_is_valid());
    ck_assert(cage_extend(b, 3));
    ck_assert(!b->zeroed);
    check_span(b, 3);
    ck_assert(!cage_extend(b, (size_t)UINT32_MAX + 1));
    cage_give(b);
    ck_assert(cage_extend(a, 7));
    ck_assert(!cage_extend(a, (size_t)UINT32_MAX));
    check_span(a, 7);
    ck_assert(cage_is_valid());
}
END_TEST

START_TEST(impossible_requests)
{
    ck_assert_ptr_null(cage_take(UINT32_MAX, 1));
    ck_assert_ptr_null(cage_take(SIZE_MAX, 1));
    ck_assert_ptr_null(cage_take((size_t)1 << 40, 1));
    ck_assert_ptr_null(cage_take(UINT32_MAX - 1, 2));
    for (unsigned bit = 28; bit < 48; bit++)
        ck_assert_msg(cage_take(1, (size_t)1 << bit) == NULL, "1 << %u", bit);
    ck_assert(cage_is_valid());
    ck_assert_ptr_nonnull(cage_take(1, 1));
}
END_TEST

/* Each of the three tables in turn can't grow. */
START_TEST(refused_memory_changes_nothing)
{
    struct slab *a = cage_take(1, 1);
    size_t top = cage_top();
    size_t slices = 100000;
    for (long left = 0; left < 3; left++, slices *= 16) {
        stub_allow_left = left;
        ck_assert_ptr_null(cage_take(slices, 1));
        stub_allow_left = 0;
        ck_assert(!cage_extend(a, slices));
        ck_assert_uint_eq(cage_top(), top);
        ck_assert_uint_eq(a->slices, 1);
        ck_assert(cage_is_valid());
        stub_allow_left = -1;
    }
    ck_assert_ptr_nonnull(cage_take(100, 1));
}
END_TEST

/* So that a double free can be explained. */
START_TEST(a_freed_descriptor_keeps_base_and_record)
{
    struct slab *s[3];
    for (int i = 0; i < 3; i++) {
        s[i] = cage_take(2, 1);
        s[i]->large_record = record_make(100 + (uint32_t)i, 0);
        cage_publish(s[i], SLAB_LARGE);
    }
    cage_give(s[0]);
    cage_give(s[1]); /* merged into the span of s[0] */
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(s[i]->base, slice_address(1 + 2 * i));
        ck_assert_uint_eq(record_trace(s[i]->large_record), 100 + i);
    }
}
END_TEST

static void churn(void *unused, unsigned number)
{
    enum { HELD = 16, ROUNDS = UNIT_TSAN ? 1000 : 10000 };
    struct slab *held[HELD] = {0};
    uint64_t seed = unit_seed(number + 50);
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        size_t at = unit_below(&seed, HELD);
        if (held[at]) {
            REQUIRE(*(uint64_t *)held[at]->base == number);
            cage_give(held[at]);
        }
        held[at] = cage_take(1 + unit_below(&seed, 12), 1);
        REQUIRE(held[at]);
        cage_publish(held[at], SLAB_LARGE);
        *(uint64_t *)held[at]->base = number;
    }
}

START_TEST(threads)
{
    unit_threads(4, churn, NULL);
    ck_assert(cage_is_valid());
}
END_TEST

Suite *suite_cage(void)
{
    Suite *s = suite_create("cage");
    TCase *c = unit_case(s, "cage");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, fresh_memory_is_zeroed);
    tcase_add_test(c, neighbours_merge);
    tcase_add_test(c, alignment);
    tcase_add_test(c, purge_gives_everything_back);
    tcase_add_test(c, a_failed_discard_is_remembered);
    tcase_add_test(c, much_freed_memory_goes_back_at_once);
    tcase_add_test(c, what_is_not_wanted_goes_back_with_time);
    tcase_add_test(c, what_is_wanted_each_second_stays);
    tcase_add_test(c, dirty_slices_are_known_one_by_one);
    tcase_add_test(c, the_top_comes_down);
    tcase_add_test(c, dense_spans_have_huge_pages_of_their_own);
    tcase_add_test(c, extending);
    tcase_add_test(c, impossible_requests);
    tcase_add_test(c, refused_memory_changes_nothing);
    tcase_add_test(c, a_freed_descriptor_keeps_base_and_record);
    c = unit_case(s, "cage_model");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_loop_test(c, random_model, 0, 4);
    tcase_add_loop_test(c, random_model_with_alignment, 0, 4);
    c = unit_case_threads(s, "cage_threads");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, threads);
    return s;
}
