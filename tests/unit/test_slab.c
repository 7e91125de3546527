/* SPDX-License-Identifier: MIT
 *
 * slab.h: one slab, with the test in the part of its owner. Frees by "another thread" are
 * heap_free without a heap. */
#include "../../preload/slab.h"

#include "../../preload/cage.h"
#include "../../preload/heap.h"
#include "../../preload/meta.h"
#include "../../preload/options.h"
#include "../../preload/sizeclass.h"
#include "unit.h"

enum { TRACE = 77 };

static struct heap *owner;

static void setup(void)
{
    unit_space();
    owner = heap_open(5);
    ck_assert_ptr_nonnull(owner);
}

/* What heap_alloc does, for one slab; SLOT_END when it is full. */
static size_t take(struct slab *s)
{
    if (s->free == SLOT_END && !slab_collect(s) && !slab_extend(s))
        return SLOT_END;
    size_t index = s->free;
    s->free = record_next(s->records[index]);
    s->used++;
    record_store(&s->records[index], record_make(TRACE, 1));
    return index;
}

static void give(struct slab *s, size_t index)
{
    record_store(&s->records[index], record_freed(s->records[index], s->free));
    s->free = (uint16_t)index;
    s->used--;
}

static size_t count_live(const struct slab *s)
{
    size_t live = 0;
    for (size_t i = 0; i < s->fresh; i++)
        live += record_is_live(s->records[i]);
    return live;
}

START_TEST(new_slab)
{
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        struct slab *s = slab_create(c, owner, 5);
        ck_assert_ptr_nonnull(s);
        size_t bytes = sizeclass_bytes(c);
        ck_assert_uint_eq(s->kind, SLAB_SMALL);
        ck_assert_uint_eq(s->slot_bytes, bytes);
        ck_assert_uint_eq(s->slices, sizeclass_slices(c));
        ck_assert_uint_eq(s->slots, s->slices * (size_t)SLICE_BYTES / bytes);
        ck_assert_uint_eq(s->used, 0);
        ck_assert_uint_eq(s->fresh, 0);
        ck_assert_uint_eq(s->free, SLOT_END);
        ck_assert_ptr_eq(s->owner, owner);
        ck_assert_uint_eq(s->thread, 5);
        ck_assert_ptr_null(s->former);
        ck_assert_ptr_null(s->free_traces);
        ck_assert(slab_is_valid(s));
        for (uintptr_t a = s->base; a < s->base + s->slices * (size_t)SLICE_BYTES; a += 4096)
            REQUIRE(slab_of(a) == s);
    }
    ck_assert(cage_is_valid());
}
END_TEST

/* Fill, check that each slot comes once, empty, in each class. */
START_TEST(each_slot_once)
{
    static bool seen[SLOT_END];
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        struct slab *s = slab_create(c, owner, 5);
        size_t taken = 0;
        memset(seen, 0, sizeof seen);
        for (size_t i; (i = take(s)) != SLOT_END; taken++) {
            REQUIRE(i < s->slots && !seen[i]);
            seen[i] = true;
        }
        ck_assert_uint_eq(taken, s->slots);
        ck_assert_uint_eq(s->used, s->slots);
        ck_assert_uint_eq(s->fresh, s->slots);
        ck_assert(!slab_extend(s));
        ck_assert(!slab_collect(s));
        ck_assert(slab_is_valid(s));
        for (size_t i = 0; i < s->slots; i++)
            give(s, i);
        ck_assert(slab_is_valid(s));
        ck_assert_uint_eq(s->used, 0);
        slab_destroy(s);
        ck_assert(cage_is_valid());
        ck_assert_uint_eq(cage_stats().mapped_bytes, 0);
    }
}
END_TEST

START_TEST(extends_step_by_step)
{
    struct slab *s = slab_create(sizeclass_of(64), owner, 5);
    size_t before = 0;
    while (slab_extend(s)) {
        ck_assert_uint_gt(s->fresh, before);
        ck_assert_uint_le(s->fresh - before, 64); /* a page at a time */
        ck_assert(slab_is_valid(s));
        for (size_t i = before; i < s->fresh; i++)
            REQUIRE(!record_is_live(s->records[i]) && record_trace(s->records[i]) == 0);
        before = s->fresh;
    }
    ck_assert_uint_eq(s->fresh, s->slots);
}
END_TEST

START_TEST(collects_what_others_freed)
{
    struct slab *s = slab_create(sizeclass_of(1000), owner, 5);
    while (take(s) != SLOT_END)
        ;
    ck_assert(!slab_collect(s));
    for (size_t i = 0; i < s->slots; i += 2) {
        heap_free(NULL, s, i);
        ck_assert(slab_is_valid(s));
        ck_assert(!record_is_live(s->records[i]));
        ck_assert_uint_eq(record_trace(s->records[i]), TRACE);
    }
    size_t freed = (s->slots + 1u) / 2;
    ck_assert_uint_eq(s->used, s->slots); /* until the owner collects */
    ck_assert(slab_collect(s));
    ck_assert_uint_eq(s->used, s->slots - freed);
    ck_assert_uint_eq(s->remote, REMOTE_EMPTY);
    ck_assert(slab_is_valid(s));
    ck_assert(!slab_collect(s));
    for (size_t i = 0; i < freed; i++)
        ck_assert_uint_eq(take(s) % 2, 0);
    ck_assert_uint_eq(take(s), SLOT_END);
}
END_TEST

/* Local and remote frees, takes and collections in any order. */
START_TEST(random_patterns)
{
    uint64_t seed = unit_seed((uint64_t)_i + 300);
    unsigned c = (unsigned)unit_below(&seed, SIZECLASS_COUNT);
    struct slab *s = slab_create(c, owner, 5);
    size_t live[SLOT_END];
    size_t count = 0;
    for (int step = 0; step < 3000; step++) {
        size_t what = unit_below(&seed, 100);
        if (what < 50) {
            size_t i = take(s);
            REQUIRE((i == SLOT_END) == (count == s->slots));
            if (i != SLOT_END)
                live[count++] = i;
        } else if (what < 90 && count) {
            size_t at = unit_below(&seed, count);
            size_t i = live[at];
            live[at] = live[--count];
            if (what < 70)
                give(s, i);
            else
                heap_free(NULL, s, i);
        } else if (what < 95) {
            slab_collect(s);
        } else if (what == 99) {
            slab_rebuild(s);
            REQUIRE(s->used == count);
        }
        REQUIRE(slab_is_valid(s));
        REQUIRE(count_live(s) == count);
    }
}
END_TEST

START_TEST(rebuilds_from_the_records_alone)
{
    struct slab *s = slab_create(sizeclass_of(512), owner, 5);
    for (int i = 0; i < 50; i++)
        take(s);
    for (size_t i = 0; i < 50; i += 3)
        give(s, i);
    heap_free(NULL, s, 1);
    heap_free(NULL, s, 2);
    size_t live = count_live(s);
    s->free = 0x1234;
    s->used = 999;
    s->remote = REMOTE_RETURNING | 0xabcd1234;
    s->needs_rebuild = true;
    slab_rebuild(s);
    ck_assert_uint_eq(s->used, live);
    ck_assert_uint_eq(s->remote, REMOTE_EMPTY);
    ck_assert(!s->needs_rebuild);
    ck_assert(slab_is_valid(s));
    size_t more = 0;
    while (take(s) != SLOT_END)
        more++;
    ck_assert_uint_eq(more + live, s->slots);
    for (size_t i = 0; i < s->slots; i++)
        give(s, i);
    ck_assert(slab_is_valid(s));
}
END_TEST

START_TEST(identities_catch_damage)
{
    struct slab *s = slab_create(sizeclass_of(512), owner, 5);
    for (int i = 0; i < 20; i++)
        take(s);
    give(s, 7);
    ck_assert(slab_is_valid(s));
    s->used++;
    ck_assert(!slab_is_valid(s));
    s->used--;
    uint16_t was = s->free;
    s->free = 3; /* a live slot */
    ck_assert(!slab_is_valid(s));
    s->free = SLOT_END; /* the list is lost */
    ck_assert(!slab_is_valid(s));
    s->free = was;
    record saved = s->records[7];
    s->records[7] = record_freed(saved, 7); /* a cycle */
    ck_assert(!slab_is_valid(s));
    s->records[7] = saved;
    ck_assert(slab_is_valid(s));
}
END_TEST

START_TEST(former_threads)
{
    struct slab *s = slab_create(sizeclass_of(512), owner, 5);
    size_t a = take(s);
    size_t b = take(s);
    ck_assert_uint_eq(slab_thread_of(s, a), 5);
    slab_stamp_former(s);
    s->thread = 6;
    size_t c = take(s);
    ck_assert_uint_eq(slab_thread_of(s, a), 5);
    ck_assert_uint_eq(slab_thread_of(s, b), 5);
    ck_assert_uint_eq(slab_thread_of(s, c), 6);
    slab_stamp_former(s);
    s->thread = 0;
    ck_assert_uint_eq(slab_thread_of(s, a), 5);
    ck_assert_uint_eq(slab_thread_of(s, c), 6);
    ck_assert_uint_eq(slab_thread_of(s, take(s)), 0);
}
END_TEST

START_TEST(former_threads_of_thread_0_and_of_empty_slabs)
{
    struct slab *s = slab_create(sizeclass_of(512), owner, 0);
    slab_stamp_former(s);
    ck_assert_ptr_null(s->former); /* nothing to remember */
    size_t a = take(s);
    slab_stamp_former(s);
    s->thread = 9;
    ck_assert_uint_eq(slab_thread_of(s, a), 0);
}
END_TEST

START_TEST(free_traces_by_option)
{
    options.free_stacks = true;
    struct slab *s = slab_create(3, owner, 5);
    ck_assert_ptr_nonnull(s->free_traces);
    for (size_t i = 0; i < s->slots; i++)
        REQUIRE(s->free_traces[i] == 0);
}
END_TEST

/* The Nth own allocation fails: a NULL or a usable slab, and nothing is lost on the way. */
START_TEST(injected_failure)
{
    options.free_stacks = true;
    for (unsigned c = 0; c < SIZECLASS_COUNT; c += 7) {
        for (long n = 0; n < 4; n++) {
            meta_fail_after = n;
            struct slab *s = slab_create(c, owner, 5);
            meta_fail_after = -1;
            ck_assert_int_eq(s == NULL, n == 0); /* records; the traces of frees may be missing */
            if (s) {
                ck_assert(slab_is_valid(s));
                slab_stamp_former(s);
                slab_destroy(s);
            }
            ck_assert(cage_is_valid());
            ck_assert_uint_eq(cage_stats().mapped_bytes, 0);
        }
        uintptr_t ready = space.meta.ready;
        for (int i = 0; i < 100; i++)
            slab_destroy(slab_create(c, owner, 5));
        ck_assert_uint_eq(space.meta.ready, ready);
    }
}
END_TEST

START_TEST(stamping_without_memory)
{
    struct slab *s = slab_create(9, owner, 5);
    size_t a = take(s);
    meta_fail_after = 0;
    slab_stamp_former(s);
    s->thread = 6;
    slab_thread_of(s, a); /* not known any more, but no crash */
    ck_assert(slab_is_valid(s));
}
END_TEST

/* No slices: the records that were got first are given back. */
START_TEST(no_room_in_the_cage)
{
    size_t bytes = ((size_t)sizeclass_slices(0) << SLICE_SHIFT) / 16 * sizeof(record);
    void *p = meta_alloc(bytes);
    meta_free(p, bytes);
    while (cage_take(1, 1))
        ;
    ck_assert_ptr_null(slab_create(0, owner, 5));
    ck_assert_ptr_eq(meta_alloc(bytes), p);
}
END_TEST

static void small_space(void)
{
    stub_reserve_most = (size_t)64 << 20;
    setup();
}

Suite *suite_slab(void)
{
    Suite *s = suite_create("slab");
    TCase *c = unit_case(s, "slab");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, new_slab);
    tcase_add_test(c, each_slot_once);
    tcase_add_test(c, extends_step_by_step);
    tcase_add_test(c, collects_what_others_freed);
    tcase_add_loop_test(c, random_patterns, 0, 10);
    tcase_add_test(c, rebuilds_from_the_records_alone);
    tcase_add_test(c, identities_catch_damage);
    tcase_add_test(c, former_threads);
    tcase_add_test(c, former_threads_of_thread_0_and_of_empty_slabs);
    tcase_add_test(c, free_traces_by_option);
    tcase_add_test(c, injected_failure);
    tcase_add_test(c, stamping_without_memory);
    c = unit_case(s, "slab_no_room");
    tcase_add_checked_fixture(c, small_space, NULL);
    tcase_add_test(c, no_room_in_the_cage);
    return s;
}
