// SPDX-License-Identifier: MIT
//
// Unit tests that fail when they leak, with the framework Check; any other will do. Build and run:
//
//     cc -g -Ipreload tests/example_check.c $(pkg-config --cflags --libs check) -o example_check
//     LD_PRELOAD=build/libleakgc.so ./example_check
//
// Without the library all tests pass. Each test has a mark when it begins, and is searched when it ends: what
// was allocated since and is lost makes it fail, after a report of where that was allocated.
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define LEAKGC_WEAK
#include <leakgc.h>

static leakgc_mark_t begin;

static void setup(void)
{
    begin = leakgc_mark ? leakgc_mark() : 0;
}

static void teardown(void)
{
    ck_assert_msg(LEAKGC_TEST_LEAKS(begin) == 0, "the test leaked memory");
}

/* What is tested: makes "name=value". */
static char *join(const char *name, const char *value)
{
    char *line = malloc(strlen(name) + strlen(value) + 2);
    strcpy(line, name);
    strcat(line, "=");
    strcat(line, value);
    return line;
}

START_TEST(joins)
{
    char *line = join("colour", "red");
    ck_assert_str_eq(line, "colour=red");
    free(line);
}
END_TEST

START_TEST(joins_and_forgets)
{
    ck_assert_str_eq(join("colour", ""), "colour=");
}
END_TEST

char *kept; /* not static: the compiler would see that nobody reads it, and drop it */

START_TEST(joins_and_keeps) /* what is still in use is no leak */
{
    kept = join("", "red");
    ck_assert_str_eq(kept, "=red");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("join");
    TCase *tests = tcase_create("tests");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, joins);
    tcase_add_test(tests, joins_and_forgets);
    tcase_add_test(tests, joins_and_keeps);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed;
}
