/* SPDX-License-Identifier: MIT
 *
 * sizeclass.h for all sizes, and the slot of every offset of a slab by reciprocal (slab.h). */
#include "../../preload/sizeclass.h"

#include "../../preload/record.h"
#include "../../preload/slab.h"
#include "unit.h"

START_TEST(smallest_class_that_holds)
{
    for (size_t bytes = 0; bytes <= SIZECLASS_MOST; bytes++) {
        unsigned c = sizeclass_of(bytes);
        size_t slot = sizeclass_bytes(c);
        REQUIRE_MSG(c < SIZECLASS_COUNT, "%zu", bytes);
        REQUIRE_MSG(slot >= bytes && slot >= 1, "%zu", bytes);
        REQUIRE_MSG(c == 0 || sizeclass_bytes(c - 1) < (bytes ? bytes : 1), "%zu", bytes);
        REQUIRE_MSG(slot - bytes <= RECORD_SLACK_MOST, "%zu", bytes);
    }
}
END_TEST

START_TEST(the_table_says_the_same)
{
    sizeclass_init();
    for (size_t bytes = 0; bytes <= SIZECLASS_QUICK; bytes++)
        REQUIRE_MSG(sizeclass_quick(bytes) == sizeclass_of(bytes), "%zu", bytes);
}
END_TEST

START_TEST(little_waste)
{
    for (size_t bytes = 1; bytes <= SIZECLASS_MOST; bytes++) {
        size_t waste = sizeclass_bytes(sizeclass_of(bytes)) - bytes;
        REQUIRE_MSG(bytes > 512 ? waste * 8 <= bytes : waste <= 15, "%zu", bytes);
    }
}
END_TEST

START_TEST(classes_ascend_by_multiples_of_16)
{
    ck_assert_uint_eq(sizeclass_bytes(0), 16);
    ck_assert_uint_eq(sizeclass_bytes(7), 128);
    ck_assert_uint_eq(sizeclass_bytes(31), 512);
    ck_assert_uint_eq(sizeclass_bytes(32), 576);
    ck_assert_uint_eq(sizeclass_bytes(39), 1024);
    ck_assert_uint_eq(sizeclass_bytes(40), 1152);
    ck_assert_uint_eq(sizeclass_bytes(SIZECLASS_COUNT - 1), SIZECLASS_MOST);
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        ck_assert_uint_eq(sizeclass_bytes(c) % 16, 0);
        ck_assert_uint_eq(sizeclass_of(sizeclass_bytes(c)), c);
        ck_assert(c == 0 || sizeclass_bytes(c) > sizeclass_bytes(c - 1));
    }
}
END_TEST

START_TEST(powers_of_two_are_classes)
{
    for (size_t bytes = 16; bytes <= SIZECLASS_MOST; bytes *= 2)
        ck_assert_uint_eq(sizeclass_bytes(sizeclass_of(bytes)), bytes);
}
END_TEST

START_TEST(slabs_have_8_slots_or_more)
{
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        size_t slots = ((size_t)sizeclass_slices(c) << SLICE_SHIFT) / sizeclass_bytes(c);
        ck_assert_uint_ge(slots, 8);
        ck_assert_uint_lt(slots, SLOT_END);
    }
}
END_TEST

/* Each offset of each class, and the tail behind the last slot. */
START_TEST(every_offset_finds_its_slot)
{
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        size_t bytes = sizeclass_bytes(c);
        struct slab s = {
            .base = 0x7f0000000000,
            .slot_bytes = (uint32_t)bytes,
            .slices = sizeclass_slices(c),
            .reciprocal = (uint32_t)((((uint64_t)1 << SLAB_RECIPROCAL_SHIFT) + bytes - 1) / bytes)};
        size_t end = (size_t)s.slices << SLICE_SHIFT;
        size_t index = 0;
        size_t within = 0;
        for (size_t offset = 0; offset < end; offset++) {
            if (slab_index(&s, s.base + offset) != index)
                ck_abort_msg("class %u, offset %zu", c, offset);
            if (++within == bytes) {
                within = 0;
                index++;
            }
        }
        ck_assert_uint_eq(slab_index(&s, s.base + end), SLOT_END);
        ck_assert_uint_eq(slab_index(&s, s.base - 1), SLOT_END);
        ck_assert_uint_eq(slab_slot(&s, 3), s.base + 3 * bytes);
    }
}
END_TEST

Suite *suite_sizeclass(void)
{
    Suite *s = suite_create("sizeclass");
    TCase *c = unit_case(s, "sizeclass");
    tcase_add_test(c, smallest_class_that_holds);
    tcase_add_test(c, the_table_says_the_same);
    tcase_add_test(c, little_waste);
    tcase_add_test(c, classes_ascend_by_multiples_of_16);
    tcase_add_test(c, powers_of_two_are_classes);
    tcase_add_test(c, slabs_have_8_slots_or_more);
    tcase_add_test(c, every_offset_finds_its_slot);
    return s;
}
