/* SPDX-License-Identifier: MIT
 *
 * options.h: the options that say what a pointer is, and the exact line for each bad input (I16). */
#include "../../preload/options.h"

#include "unit.h"

/* Reads an environment of one variable; what was complained about. */
static const char *read1(const char *variable)
{
    char text[200];
    char *environment[] = {text, NULL};
    snprintf(text, sizeof text, "%s", variable);
    unit_capture();
    options_init(environment, false);
    return unit_captured();
}

START_TEST(heuristics)
{
    static const struct {
        const char *text;
        uint32_t bits;
    } cases[] = {
        {"length64", 1}, {"stdstring", 2}, {"newarray", 4},         {"multipleinheritance", 8},
        {"all", 15},     {"none", 0},      {"newarray,length64", 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        snprintf(text, sizeof text, "LEAKGC_HEURISTICS=%s", cases[i].text);
        ck_assert_str_eq(read1(text), "");
        ck_assert_uint_eq(options.heuristics, cases[i].bits);
    }
}
END_TEST

START_TEST(interior)
{
    ck_assert_str_eq(read1("LEAKGC_INTERIOR=reachable"), "");
    ck_assert_uint_eq(options.interior, INTERIOR_REACHABLE);
    ck_assert_str_eq(read1("LEAKGC_INTERIOR=possible"), "");
    ck_assert_uint_eq(options.interior, INTERIOR_POSSIBLE);
}
END_TEST

START_TEST(masks)
{
    static const struct {
        const char *text;
        uint64_t mask;
    } cases[] = {{"0x00ffffffffffffff", 0x00ffffffffffffff},
                 {"0XFFFFFFFFFFFF", 0xffffffffffff},
                 {"7ffffffff000", 0x7ffffffff000},
                 {"fffffffffffffff8", 0xfffffffffffffff8}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        snprintf(text, sizeof text, "LEAKGC_POINTER_MASK=%s", cases[i].text);
        ck_assert_str_eq(read1(text), "");
        ck_assert_uint_eq(options.pointer_mask, cases[i].mask);
    }
    static const char *const bad[] = {"",   "0",   "0x",          "0x7fffffffe000",
                                      "-1", "0xg", "ffffffff000", "0x1ffffffffffffffff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        snprintf(text, sizeof text, "LEAKGC_POINTER_MASK=%s", bad[i]);
        ck_assert_msg(*read1(text), "%s", bad[i]);
        ck_assert_uint_eq(options.pointer_mask, UINT64_MAX);
    }
}
END_TEST

START_TEST(complaints)
{
    static const struct {
        const char *variable, *line;
    } cases[] = {
        {"LEAKGC_INTERIOR=maybe",
         "option 'interior': 'maybe' is not possible or reachable; using possible"},
        {"LEAKGC_HEURISTICS=none,newarray",
         "option 'heuristics': 'none,newarray' is not a set of length64, stdstring, newarray, "
         "multipleinheritance, all, or none; using all"},
        {"LEAKGC_HEURISTICS=",
         "option 'heuristics': '' is not a set of length64, stdstring, newarray, "
         "multipleinheritance, all, or none; using all"},
        {"LEAKGC_POINTER_MASK=0xff",
         "option 'pointer_mask': '0xff' is not a mask (hexadecimal, with all bits of "
         "0x7ffffffff000); using 0xffffffffffffffff"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(strstr(read1(cases[i].variable), cases[i].line), "%s", cases[i].variable);
}
END_TEST

Suite *suite_options_search(void)
{
    Suite *s = suite_create("options_search");
    TCase *c = unit_case(s, "options_search");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, heuristics);
    tcase_add_test(c, interior);
    tcase_add_test(c, masks);
    tcase_add_test(c, complaints);
    return s;
}
