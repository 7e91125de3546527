/* SPDX-License-Identifier: MIT
 *
 * fmt.h: every conversion, cutting, numbers that overflow, globs against a recursive matcher. */
#include "../../preload/fmt.h"
#include "unit.h"

static char text[256];

#define FMT_IS(expected, ...)                                                                      \
    do {                                                                                           \
        size_t n_ = fmt(text, sizeof text, __VA_ARGS__);                                           \
        ck_assert_str_eq(text, expected);                                                          \
        ck_assert_uint_eq(n_, strlen(expected));                                                   \
    } while (0)

START_TEST(conversions)
{
    FMT_IS("", "%s", "");
    FMT_IS("plain", "plain");
    FMT_IS("a string", "a %s", "string");
    FMT_IS("xyz", "x%cz", 'y');
    FMT_IS("100%", "100%%");
    FMT_IS("0", "%d", 0);
    FMT_IS("2147483647", "%d", INT32_MAX);
    FMT_IS("-2147483648", "%d", INT32_MIN);
    FMT_IS("9223372036854775807", "%ld", INT64_MAX);
    FMT_IS("-9223372036854775808", "%ld", INT64_MIN);
    FMT_IS("-1", "%zd", (ssize_t)-1);
    FMT_IS("4294967295", "%u", UINT32_MAX);
    FMT_IS("18446744073709551615", "%lu", UINT64_MAX);
    FMT_IS("18446744073709551615", "%zu", SIZE_MAX);
    FMT_IS("deadbeef", "%x", 0xdeadbeefu);
    FMT_IS("ffffffffffffffff", "%lx", UINT64_MAX);
    FMT_IS("0x7fff12345678", "%p", (void *)0x7fff12345678);
    FMT_IS("1 two 3", "%d %s %lu", 1, "two", 3ul);
}
END_TEST

START_TEST(widths)
{
    FMT_IS("   42", "%5u", 42u);
    FMT_IS("42   |", "%-5u|", 42u);
    FMT_IS("00042", "%05u", 42u);
    FMT_IS("00000abc", "%08lx", 0xabcul);
    FMT_IS("name      |", "%-10s|", "name");
    FMT_IS("      name", "%10s", "name");
    FMT_IS("123456", "%3u", 123456u);
    FMT_IS("   -7", "%5d", -7);
    FMT_IS("-0042", "%05d", -42);
    FMT_IS("    c", "%5c", 'c');
    FMT_IS("c    |", "%-5c|", 'c');
}
END_TEST

START_TEST(thousands)
{
    FMT_IS("0", "%N", (size_t)0);
    FMT_IS("999", "%N", (size_t)999);
    FMT_IS("1,000", "%N", (size_t)1000);
    FMT_IS("1,024", "%N", (size_t)1024);
    FMT_IS("999,999", "%N", (size_t)999999);
    FMT_IS("1,000,000", "%N", (size_t)1000000);
    FMT_IS("18,446,744,073,709,551,615", "%N", SIZE_MAX);
    FMT_IS("  1,024", "%7N", (size_t)1024);
}
END_TEST

START_TEST(unknown_conversion_is_shown)
{
    const char *format = "a %q b"; /* not a literal: gcc would check it */
    FMT_IS("a %q b", format);
    format = "end %";
    FMT_IS("end %", format);
}
END_TEST

/* For every capacity: as much as fits, a NUL, nothing behind it. */
START_TEST(cutting)
{
    static const char full[] = "12345 abc     99 0xff 1,234";
    for (size_t cap = 1; cap < sizeof full + 3; cap++) {
        memset(text, '#', sizeof text);
        size_t n = fmt(text, cap, "%d %s %6u %p %N", 12345, "abc", 99u, (void *)0xff, (size_t)1234);
        size_t expected = cap - 1 < strlen(full) ? cap - 1 : strlen(full);
        ck_assert_uint_eq(n, expected);
        ck_assert_int_eq(memcmp(text, full, n), 0);
        ck_assert_int_eq(text[n], '\0');
        for (size_t i = cap; i < sizeof text; i++)
            REQUIRE(text[i] == '#');
    }
}
END_TEST

/* libc agrees, for what both know. */
START_TEST(as_printf)
{
    uint64_t seed = unit_seed(1);
    char theirs[256];
    for (int i = 0; i < 20000; i++) {
        uint64_t v = unit_random(&seed) >> unit_below(&seed, 64);
        size_t n = fmt(text, sizeof text, "%ld|%lu|%lx|%20lu|%-22lu|%024lx|%d|%8u", (long)v, v, v,
                       v, v, v, (int)v, (unsigned)v);
        int m = snprintf(theirs, sizeof theirs, "%ld|%lu|%lx|%20lu|%-22lu|%024lx|%d|%8u", (long)v,
                         v, v, v, v, v, (int)v, (unsigned)v);
        REQUIRE_MSG(n == (size_t)m && !strcmp(text, theirs), "%s, not %s", text, theirs);
    }
}
END_TEST

static bool parse(const char *s, unsigned base, uint64_t *ret)
{
    return fmt_parse_u64(s, s + strlen(s), base, ret);
}

START_TEST(parse_accepts)
{
    static const struct {
        const char *text;
        unsigned base;
        uint64_t value;
    } cases[] = {
        {"0", 10, 0},
        {"7", 10, 7},
        {"00012", 10, 12},
        {"18446744073709551615", 10, UINT64_MAX},
        {"000018446744073709551615", 10, UINT64_MAX},
        {"0", 16, 0},
        {"ff", 16, 255},
        {"FF", 16, 255},
        {"7f00DeadBeef", 16, 0x7f00deadbeef},
        {"ffffffffffffffff", 16, UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 1234;
        ck_assert_msg(parse(cases[i].text, cases[i].base, &value), "%s", cases[i].text);
        ck_assert_uint_eq(value, cases[i].value);
    }
    uint64_t value;
    const char *part = "12345";
    ck_assert(fmt_parse_u64(part + 1, part + 3, 10, &value));
    ck_assert_uint_eq(value, 23);
}
END_TEST

START_TEST(parse_refuses)
{
    static const struct {
        const char *text;
        unsigned base;
    } cases[] = {
        {"", 10},     {" 1", 10},  {"1 ", 10},  {"+1", 10},
        {"-1", 10},   {"1a", 10},  {"a", 10},   {"0x10", 16},
        {"g", 16},    {"", 16},    {"1.5", 10}, {"18446744073709551616", 10},
        {"/", 10},    {":", 10},   {"@", 16},   {"99999999999999999999", 10},
        {"`", 16},    {"G", 16},   {"f ", 16},  {"10000000000000000", 16},
        {"\x80", 10}, {"1\n", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 1234;
        ck_assert_msg(!parse(cases[i].text, cases[i].base, &value), "'%s'", cases[i].text);
    }
}
END_TEST

static bool matches(const char *pattern, const char *name)
{
    if (*pattern == '*')
        return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
    if (!*pattern || !*name)
        return !*pattern && !*name;
    return (*pattern == '?' || *pattern == *name) && matches(pattern + 1, name + 1);
}

/* The number-th word over the alphabet, of at most four letters. */
static void word(char *to, unsigned number, const char *alphabet)
{
    unsigned letters = (unsigned)strlen(alphabet);
    for (; number; number = (number - 1) / letters)
        *to++ = alphabet[(number - 1) % letters];
    *to = '\0';
}

START_TEST(glob_all_short_patterns)
{
    char pattern[16], name[16];
    for (unsigned p = 0; p < 1365; p++) /* words of 0..5 letters of 4 */
        for (unsigned n = 0; n < 63; n++) {
            word(pattern, p, "ab*?");
            word(name, n, "ab");
            REQUIRE_MSG(fmt_glob(pattern, name) == matches(pattern, name), "%s %s", pattern, name);
        }
}
END_TEST

START_TEST(glob_examples)
{
    ck_assert(fmt_glob("python3*", "python3.11"));
    ck_assert(!fmt_glob("python3*", "python"));
    ck_assert(fmt_glob("*d", "sshd"));
    ck_assert(fmt_glob("a*b*c", "aXbYbZc"));
    ck_assert(!fmt_glob("a*b*c", "aXbYbZ"));
    ck_assert(fmt_glob("*", ""));
    ck_assert(!fmt_glob("?", ""));
    ck_assert(fmt_glob("", ""));
    ck_assert(!fmt_glob("", "a"));
    ck_assert(!fmt_glob("[ab]", "a"));
}
END_TEST

/* A classic trap of backtracking matchers: this must not take for ever. */
START_TEST(glob_is_not_exponential)
{
    char name[2048];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ck_assert(!fmt_glob("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", name));
}
END_TEST

Suite *suite_fmt(void)
{
    Suite *s = suite_create("fmt");
    TCase *c = unit_case(s, "fmt");
    tcase_add_test(c, conversions);
    tcase_add_test(c, widths);
    tcase_add_test(c, thousands);
    tcase_add_test(c, unknown_conversion_is_shown);
    tcase_add_test(c, cutting);
    tcase_add_test(c, as_printf);
    c = unit_case(s, "fmt_parse");
    tcase_add_test(c, parse_accepts);
    tcase_add_test(c, parse_refuses);
    c = unit_case(s, "fmt_glob");
    tcase_add_test(c, glob_all_short_patterns);
    tcase_add_test(c, glob_examples);
    tcase_add_test(c, glob_is_not_exponential);
    return s;
}
