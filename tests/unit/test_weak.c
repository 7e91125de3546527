/* SPDX-License-Identifier: MIT
 *
 * weak.h and user_roots.h: slots are empty while they are hidden and full again afterwards, but for lost
 * blocks; a block that is gone is told from one that has its address; tables of many entries. */
#include "../../scanner/weak.h"

#include <sys/mman.h>

#include "../../preload/clock.h"
#include "../../preload/leakgc.h"
#include "../../preload/options.h"
#include "../../scanner/user_roots.h"
#include "unit.h"

enum { MANY = 500 };

static void *slots[MANY];
static struct mark mark;
static struct maps maps;
static long calls;

static void setup(void)
{
    unit_alive();
    options.use_root_regions = true;
    REQUIRE(maps_read(&maps));
    calls = 0;
}

static void told(void **slot, void *arg)
{
    (void)slot;
    ++*(long *)arg;
}

static void *make(void)
{
    void *p = alloc_new(100, 16, true, unit_frame);
    REQUIRE(p);
    return p;
}

/* What a scan does; `root` is all that is not hidden. */
static void search(const void *root, bool for_program)
{
    weak_hide(&maps, for_program);
    REQUIRE(mark_init(&mark, NULL));
    mark_word(&mark, (uintptr_t)root);
    mark_flood(&mark);
    weak_show(for_program ? &mark : NULL);
}

static long call_all(void)
{
    long called = 0;
    while (weak_call(&called))
        ;
    return called;
}

START_TEST(lost_ones_become_empty)
{
    void *kept = slots[0] = make();
    slots[1] = make();
    slots[2] = make();
    ck_assert(!weak_any());
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(leakgc_weak_register(&slots[i], i < 2 ? told : NULL, &calls), 0);
    ck_assert(weak_any());
    void *before = slots[1];
    search(kept, false); /* by the thread of our own: nothing changes */
    ck_assert(slots[0] == kept && slots[1] == before && call_all() == 0);
    search(kept, true);
    ck_assert(slots[0] == kept && !slots[1] && !slots[2]);
    ck_assert_int_eq(call_all(), 1);
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(call_all(), 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(leakgc_weak_unregister(&slots[i]), 0);
    ck_assert(!weak_any());
    ck_assert_int_eq(leakgc_weak_unregister(&slots[0]), -1);
}
END_TEST

START_TEST(slots_are_empty_while_they_are_hidden)
{
    void *p = slots[0] = make();
    void *elsewhere = slots[1] = &slots; /* no block: nothing to hide */
    leakgc_weak_register(&slots[0], told, &calls);
    leakgc_weak_register(&slots[1], told, &calls);
    weak_hide(&maps, true);
    ck_assert(!slots[0] && slots[1] == elsewhere);
    weak_show(NULL);
    ck_assert(slots[0] == p && slots[1] == elsewhere);
}
END_TEST

/* One block in several slots, whose record is changed for the first of them. */
START_TEST(a_block_in_many_slots)
{
    void *p = make();
    for (int i = MANY; i-- > 0;) {
        slots[i] = p;
        ck_assert_int_eq(leakgc_weak_register(&slots[i], told, &calls), 0);
    }
    search(p, true);
    for (int i = 0; i < MANY; i++)
        REQUIRE(slots[i] == p);
    search(NULL, true);
    for (int i = 0; i < MANY; i++)
        REQUIRE(!slots[i]);
    ck_assert_int_eq(call_all(), MANY);
}
END_TEST

START_TEST(the_same_address_is_not_the_same_block)
{
    for (int i = 0; i < 20; i++) {
        slots[0] = make();
        uint32_t stamp = clock_birth();
        leakgc_weak_register(&slots[0], told, &calls);
        alloc_free(slots[0], unit_frame);
        void *next = make();
        ck_assert_ptr_eq(next, slots[0]);
        search(next, true);
        ck_assert(!slots[0]);
        ck_assert_uint_le(clock_birth(), stamp + 2); /* stamps are not used up */
        alloc_free(next, unit_frame);
    }
    ck_assert_int_eq(call_all(), 0);
}
END_TEST

/* What was registered counts as allocated after the mark nevertheless. */
START_TEST(marks_stay_exact)
{
    struct block b;
    options.enabled = true;
    for (int i = 0; i < 20; i++) {
        slots[0] = make();
        leakgc_weak_register(&slots[0], told, &calls);
        leakgc_mark_t begin = leakgc_mark();
        slots[1] = make();
        leakgc_weak_register(&slots[1], told, &calls);
        ck_assert(alloc_find((uintptr_t)slots[0], &b) && record_birth(b.record) < begin);
        ck_assert(alloc_find((uintptr_t)slots[1], &b) && record_birth(b.record) >= begin);
    }
}
END_TEST

START_TEST(a_slot_in_a_freed_block_is_forgotten)
{
    void **home = make();
    *home = make();
    leakgc_weak_register(home, told, &calls);
    void *p = *home;
    alloc_free(home, unit_frame);
    void **again = make();
    ck_assert_ptr_eq(again, home);
    *again = p;
    search(again, true);
    ck_assert(*again == p && !weak_any());
}
END_TEST

START_TEST(a_slot_that_cannot_be_written_is_left_alone)
{
    void **page = (void **)(void *)unit_map(4096);
    void *p = *page = make();
    leakgc_weak_register(page, told, &calls);
    mprotect(page, 4096, PROT_READ);
    REQUIRE(maps_read(&maps));
    search(NULL, true);
    ck_assert_ptr_eq(*page, p);
    munmap(page, 4096);
    REQUIRE(maps_read(&maps));
    search(NULL, true);
    ck_assert_int_eq(call_all(), 0);
}
END_TEST

START_TEST(root_regions)
{
    enum { REGIONS = 100 };
    static void *region[REGIONS];
    void *p = region[REGIONS - 1] = make();
    struct block b;
    for (int i = 0; i < REGIONS; i++)
        ck_assert_int_eq(leakgc_add_root(&region[i], sizeof *region), 0);
    for (int round = 0; round < 3; round++) {
        scratch_reset();
        REQUIRE(mark_init(&mark, NULL));
        user_roots_mark(&mark);
        mark_flood(&mark);
        ck_assert(alloc_find((uintptr_t)p, &b));
        ck_assert_int_eq(mark_is_reachable(&mark, b.slab, b.index), round == 0);
        options.use_root_regions = round != 0;
        if (round == 1)
            ck_assert_int_eq(leakgc_remove_root(&region[REGIONS - 1], sizeof *region), 0);
    }
    ck_assert_int_eq(leakgc_remove_root(&region[REGIONS - 1], sizeof *region), -1);
    ck_assert_int_eq(leakgc_remove_root(&region[0], 2 * sizeof *region), -1);
}
END_TEST

Suite *suite_weak(void)
{
    Suite *s = suite_create("weak");
    TCase *c = unit_case(s, "weak");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, lost_ones_become_empty);
    tcase_add_test(c, slots_are_empty_while_they_are_hidden);
    tcase_add_test(c, a_block_in_many_slots);
    tcase_add_test(c, the_same_address_is_not_the_same_block);
    tcase_add_test(c, marks_stay_exact);
    tcase_add_test(c, a_slot_in_a_freed_block_is_forgotten);
    tcase_add_test(c, a_slot_that_cannot_be_written_is_left_alone);
    tcase_add_test(c, root_regions);
    return s;
}
