/* SPDX-License-Identifier: MIT
 *
 * large.h: a span each, resizing in place, what is left to explain a double free. */
#include "../../preload/large.h"

#include "../../preload/alloc.h"
#include "../../preload/cage.h"
#include "unit.h"

#include <errno.h>

static const record R = (record)1 << 63 | (record)77 << 32 | 5;

static struct slab *make(size_t bytes, size_t align)
{
    bool zeroed;
    unsigned char *p = large_alloc(bytes, align, R, 3, &zeroed);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq((uintptr_t)p % align, 0);
    for (size_t i = 0; zeroed && i < bytes; i += 512)
        REQUIRE(p[i] == 0);
    memset(p, 0xee, bytes);
    return slab_of((uintptr_t)p);
}

START_TEST(one_span_each)
{
    static const size_t sizes[] = {0, 1, 32769, 65535, 65536, 65537, 131072, 1000000, 50u << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t align = 16; align <= (size_t)4 << 20; align *= 16) {
            struct slab *s = make(sizes[i], align);
            size_t slices = sizes[i] ? (sizes[i] - 1) / SLICE_BYTES + 1 : 1;
            ck_assert_uint_eq(s->kind, SLAB_LARGE);
            ck_assert_uint_eq(s->slices, slices);
            ck_assert_uint_eq(s->large_bytes, sizes[i]);
            ck_assert_uint_eq(slab_thread_of(s, 0), 3);
            ck_assert_uint_eq(s->large_record, R);
            ck_assert_ptr_eq(s->records, &s->large_record);
            struct block b;
            ck_assert(alloc_find(s->base, &b));
            ck_assert_uint_eq(b.bytes, sizes[i]);
            ck_assert_uint_eq(b.begin, s->base);
            ck_assert(alloc_find(s->base + (sizes[i] ? sizes[i] - 1 : 0), &b));
            ck_assert_uint_eq(b.begin, s->base);
            ck_assert(!alloc_find(s->base + (sizes[i] ? sizes[i] : 1), &b) || b.begin != s->base);
            large_free(s, 0);
        }
}
END_TEST

START_TEST(impossible)
{
    bool zeroed;
    ck_assert_ptr_null(large_alloc(PTRDIFF_MAX, 16, R, 0, &zeroed));
    ck_assert_ptr_null(large_alloc((size_t)1 << 46, 16, R, 0, &zeroed));
    ck_assert_ptr_null(large_alloc(1, (size_t)1 << 46, R, 0, &zeroed));
    ck_assert_uint_eq(cage_stats().mapped_bytes, 0);
}
END_TEST

START_TEST(resizing_in_place)
{
    struct slab *s = make(100000, 16);
    record r = R + 1;
    ck_assert(large_resize(s, 131072, r, 4)); /* within the run */
    ck_assert_uint_eq(s->slices, 2);
    ck_assert_uint_eq(s->large_bytes, 131072);
    ck_assert_uint_eq(s->large_record, r);
    ck_assert_uint_eq(slab_thread_of(s, 0), 4);
    ck_assert(large_resize(s, 131073, r, 4)); /* nothing above: grows */
    ck_assert_uint_eq(s->slices, 3);
    struct slab *wall = make(100, 16);
    ck_assert(!large_resize(s, 1000000, R, 9)); /* blocked: nothing changes */
    ck_assert_uint_eq(s->slices, 3);
    ck_assert_uint_eq(s->large_bytes, 131073);
    ck_assert_uint_eq(s->large_record, r);
    ck_assert_uint_eq(slab_thread_of(s, 0), 4);
    ck_assert(large_resize(s, 70000, r, 4)); /* trims */
    ck_assert_uint_eq(s->slices, 2);
    ck_assert_uint_eq(cage_stats().free_bytes, SLICE_BYTES);
    struct block b;
    ck_assert(!alloc_find(s->base + 70000, &b));
    ck_assert(!alloc_find(s->base + 131072, &b));
    ck_assert(large_resize(s, 190000, r, 4)); /* takes it back */
    ck_assert_uint_eq(cage_stats().free_bytes, 0);
    for (size_t i = 0; i < 70000; i++)
        REQUIRE(((unsigned char *)s->base)[i] == 0xee);
    large_free(wall, 0);
    ck_assert(large_resize(s, 250000, r, 4)); /* into what was freed */
    ck_assert(alloc_find(s->base + 249999, &b));
    ck_assert_uint_eq(b.begin, s->base);
    ck_assert(cage_is_valid());
}
END_TEST

START_TEST(growing_for_ever_is_refused)
{
    struct slab *s = make(100000, 16);
    ck_assert(!large_resize(s, PTRDIFF_MAX, R, 0));
    ck_assert(!large_resize(s, (size_t)1 << 46, R, 0));
    ck_assert_uint_eq(s->large_bytes, 100000);
    ck_assert_uint_eq(s->slices, 2);
}
END_TEST

static void fill(struct slab *s)
{
    for (size_t i = 0; i < s->large_bytes; i += 64)
        ((unsigned char *)s->base)[i] = (unsigned char)(i >> 6) | 1;
}

static void check_moved(const struct slab *s, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 64)
        REQUIRE(((unsigned char *)s->base)[i] == ((unsigned char)(i >> 6) | 1));
}

/* Two blocks that are in each other's way. */
START_TEST(moving)
{
    struct slab *s[2] = {make(2 << 20, 16), make(2 << 20, 16)};
    fill(s[0]);
    fill(s[1]);
    for (size_t bytes = 2 << 20; bytes < 100u << 20; bytes = bytes * 3 / 2) {
        size_t more = bytes * 3 / 2;
        for (int i = 0; i < 2; i++) {
            struct slab *old = s[i];
            if (large_resize(old, more, R, 4))
                continue;
            uintptr_t base = old->base;
            uintptr_t to = (uintptr_t)large_move(old, more, R + 2, 9, 4321);
            ck_assert_uint_ne(to, 0);
            s[i] = slab_of(to);
            ck_assert_uint_eq(s[i]->base, to);
            ck_assert_uint_eq(s[i]->large_bytes, more);
            ck_assert_uint_eq(s[i]->large_record, R + 2);
            ck_assert_uint_eq(slab_thread_of(s[i], 0), 9);
            struct block b;
            ck_assert(!alloc_find(base, &b) || b.slab != old);
        }
        for (int i = 0; i < 2; i++)
            check_moved(s[i], bytes);
        fill(s[0]);
        fill(s[1]);
        ck_assert(cage_is_valid());
    }
    ck_assert(s[0]->moved || s[1]->moved);
    large_free(s[0], 0);
    large_free(s[1], 0);
    bool zeroed;
    unsigned char *p = large_alloc(150u << 20, 16, R, 3, &zeroed);
    for (size_t i = 0; zeroed && i < 150u << 20; i += 4096)
        REQUIRE(p[i] == 0);
    cage_purge();
    ck_assert(cage_is_valid());
}
END_TEST

static size_t mappings(void)
{
    size_t lines = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    for (int ch; (ch = getc(maps)) != EOF;)
        lines += ch == '\n';
    fclose(maps);
    return lines;
}

static struct slab *moved(struct slab *s, size_t bytes)
{
    void *p = large_move(s, bytes, R, 0, 0);
    ck_assert_ptr_nonnull(p);
    ck_assert(slab_of((uintptr_t)p)->moved);
    return slab_of((uintptr_t)p);
}

/* Moved blocks come and go without leaving mappings behind. */
START_TEST(moves_leave_no_mappings)
{
    enum { COUNT = 40 };
    struct slab *s[COUNT];
    for (int i = 0; i < COUNT; i++)
        s[i] = make(2 << 20, 16);
    large_free(make(100u << 20, 16), 0); /* all of the space that will be used is there */
    cage_purge();
    size_t before = mappings();
    for (int i = 0; i < COUNT; i++)
        s[i] = moved(s[i], 3 << 20);
    ck_assert_uint_gt(mappings(), before + COUNT / 2);
    for (int i = 0; i < COUNT; i += 2)
        s[i] = moved(s[i], 4 << 20);
    for (int i = 0; i < COUNT; i++)
        large_free(s[i], 0);
    cage_purge();
    ck_assert_uint_le(mappings(), before + 4);
    ck_assert(cage_is_valid());
}
END_TEST

START_TEST(a_refused_move_changes_nothing)
{
    const int errors[] = {-EINVAL, -ENOMEM, -EFAULT};
    for (int error = 1; error <= 2; error++) {
        struct slab *s = make(2 << 20, 16);
        struct slab *wall = make(100000, 16);
        cage_purge();
        fill(s);
        stub_move_error = errors[_i];
        size_t mapped = cage_stats().mapped_bytes;
        ck_assert_ptr_null(large_move(s, 3 << 20, R + 1, 0, 0));
        ck_assert_uint_eq(s->large_record, R);
        ck_assert_uint_eq(cage_stats().mapped_bytes, mapped);
        check_moved(s, 2 << 20);
        unsigned char *p = (unsigned char *)make(3 << 20, 16)->base; /* where it would have been */
        memset(p, 1, 3 << 20);
        ck_assert(cage_is_valid());
        large_free(wall, 0);
    }
}
END_TEST

START_TEST(what_a_double_free_can_tell)
{
    make(100000, 16);
    struct slab *s = make(100000, 16);
    make(100000, 16);
    uintptr_t base = s->base;
    large_free(s, 4321);
    struct block b;
    ck_assert(!alloc_find(base, &b));
    ck_assert_ptr_eq(slab_of(base), s);
    ck_assert_uint_eq(s->base, base);
    ck_assert(!record_is_live(s->large_record));
    ck_assert_uint_eq(record_trace(s->large_record), 77);
    ck_assert_uint_eq(s->large_bytes, 100000);
    ck_assert_uint_eq(large_free_trace(s), 4321);
}
END_TEST

/* All traces of frees fit: they have 30 bits. */
START_TEST(trace_of_the_free_is_whole)
{
    struct slab *s = make(100000, 16);
    large_free(s, (1u << RECORD_TRACE_BITS) - 1);
    ck_assert_uint_eq(large_free_trace(s), (1u << RECORD_TRACE_BITS) - 1);
    ck_assert_uint_eq(record_trace(s->large_record), 77);
}
END_TEST

Suite *suite_large(void)
{
    Suite *s = suite_create("large");
    TCase *c = unit_case(s, "large");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, one_span_each);
    tcase_add_test(c, impossible);
    tcase_add_test(c, resizing_in_place);
    tcase_add_test(c, growing_for_ever_is_refused);
    tcase_add_test(c, moving);
    tcase_add_test(c, moves_leave_no_mappings);
    tcase_add_loop_test(c, a_refused_move_changes_nothing, 0, 3);
    tcase_add_test(c, what_a_double_free_can_tell);
    tcase_add_test(c, trace_of_the_free_is_whole);
    return s;
}
