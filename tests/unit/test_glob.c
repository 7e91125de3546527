/* SPDX-License-Identifier: MIT
 *
 * glob.h: a table of cases, random patterns against a recursive matcher, and time. */
#include "../../report/glob.h"

#include <time.h>

#include "unit.h"

enum { OB = GLOB_OPEN_BEGIN, OE = GLOB_OPEN_END, ONE = GLOB_ONE };

static const struct {
    const char *pattern, *text;
    unsigned flags;
    bool expected;
} cases[] = {
    {"", "", 0, true},
    {"", "a", 0, false},
    {"", "a", OB, true},
    {"", "a", OE, true},
    {"abc", "abc", 0, true},
    {"abc", "abcd", 0, false},
    {"abc", "abcd", OE, true},
    {"abc", "xabc", 0, false},
    {"abc", "xabc", OB, true},
    {"abc", "xabcx", OB, false},
    {"abc", "xabcx", OB | OE, true},
    {"abc", "ababc", OB, true},
    {"abc", "ab", OB | OE, false},
    {"a*c", "abbbc", 0, true},
    {"a*c", "abbbcd", 0, false},
    {"a*c", "ac", 0, true},
    {"a*c", "cab", OB | OE, false},
    {"*", "", 0, true},
    {"*", "anything", 0, true},
    {"**", "x", 0, true},
    {"a**b", "ab", 0, true},
    {"*b", "abab", 0, true},
    {"*b", "aba", 0, false},
    {"a?c", "abc", ONE, true},
    {"a?c", "ac", ONE, false},
    {"a?c", "abc", 0, false},
    {"a?c", "a?c", 0, true},
    {"?", "", ONE, false},
    {"*?", "x", ONE, true},
    {"a*b*c", "a-b-b-c", 0, true},
    {"a*b*c", "a-c-b", 0, false},
    {"x*y", "axbya", OB | OE, true},
    {"^a", "^a", 0, true},
};

START_TEST(table)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        REQUIRE_MSG(glob_matches(cases[i].pattern, cases[i].text, cases[i].flags) ==
                        cases[i].expected,
                    "'%s' '%s' %u", cases[i].pattern, cases[i].text, cases[i].flags);
}
END_TEST

/* Straight from the definition. */
static bool matches_here(const char *p, const char *t, unsigned flags)
{
    if (!*p)
        return !*t || flags & OE;
    if (*p == '*')
        return matches_here(p + 1, t, flags) || (*t && matches_here(p, t + 1, flags));
    return *t && (*p == *t || (*p == '?' && flags & ONE)) && matches_here(p + 1, t + 1, flags);
}

static bool matches(const char *p, const char *t, unsigned flags)
{
    if (matches_here(p, t, flags))
        return true;
    return flags & OB && *t && matches(p, t + 1, flags);
}

static uint64_t dice;

static void make(char *to, const char *alphabet)
{
    size_t n = unit_random(&dice) % 8;
    for (size_t i = 0; i < n; i++)
        to[i] = alphabet[unit_random(&dice) % strlen(alphabet)];
    to[n] = '\0';
}

START_TEST(as_the_definition_says)
{
    dice = unit_seed(21);
    char pattern[16], text[16];
    for (int i = 0; i < 200000; i++) {
        unsigned flags = (unsigned)unit_random(&dice) % 8;
        make(pattern, "ab*?*");
        make(text, "ab");
        REQUIRE_MSG(glob_matches(pattern, text, flags) == matches(pattern, text, flags),
                    "'%s' '%s' %u", pattern, text, flags);
    }
}
END_TEST

/* Each star doubles the time of a matcher that goes back to all of them. */
START_TEST(many_stars)
{
    char pattern[201], text[4001];
    for (int i = 0; i < 100; i++)
        memcpy(pattern + 2 * i, "*a", 2);
    pattern[199] = 'b';
    pattern[200] = '\0';
    memset(text, 'a', 4000);
    text[4000] = '\0';
    clock_t begun = clock();
    ck_assert(!glob_matches(pattern, text, OB | OE));
    ck_assert(clock() - begun < CLOCKS_PER_SEC);
}
END_TEST

Suite *suite_glob(void)
{
    Suite *s = suite_create("glob");
    TCase *c = unit_case(s, "glob");
    tcase_add_test(c, table);
    tcase_add_test(c, as_the_definition_says);
    tcase_add_test(c, many_stars);
    return s;
}
