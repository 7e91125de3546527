/* SPDX-License-Identifier: MIT
 *
 * log.h: the shape of a line, where it goes, "stopped recording" once. */
#include "../../preload/log.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../../preload/assert.h"
#include "../../preload/options.h"
#include "unit.h"

START_TEST(says_one_line)
{
    unit_capture();
    log_say("three %s, %d", "words", 7);
    ck_assert_str_eq(unit_captured(), unit_log_line("three words, 7"));
}
END_TEST

START_TEST(verbose_only_when_asked)
{
    unit_capture();
    options.verbose = false;
    log_verbose("silent");
    options.verbose = true;
    log_verbose("spoken %u", 1u);
    ck_assert_str_eq(unit_captured(), unit_log_line("spoken 1"));
}
END_TEST

START_TEST(long_lines_are_cut_and_stay_lines)
{
    char longer[3000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    unit_capture();
    log_say("%s", longer);
    log_say("next");
    const char *text = unit_captured();
    const char *newline = strchr(text, '\n');
    ck_assert_ptr_nonnull(newline);
    ck_assert_int_ge(newline - text, 1000);
    ck_assert_str_eq(newline + 1, unit_log_line("next"));
}
END_TEST

START_TEST(goes_where_it_is_sent)
{
    int fds[2];
    char text[100];
    ck_assert_int_eq(pipe(fds), 0);
    unit_capture();
    log_to(fds[1], "/nonexistent");
    log_say("elsewhere");
    ssize_t n = read(fds[0], text, sizeof text - 1);
    ck_assert_int_gt(n, 0);
    text[n] = '\0';
    ck_assert_str_eq(text, unit_log_line("elsewhere"));
    ck_assert_str_eq(unit_captured(), "");
}
END_TEST

START_TEST(control_characters_do_not_break_the_line)
{
    unit_capture();
    log_say("file '%s'", "a\nb\x1b[31m\x7f");
    ck_assert_str_eq(unit_captured(), unit_log_line("file 'a\\x0ab\\x1b[31m\\x7f'"));
}
END_TEST

START_TEST(stops_recording_once)
{
    ck_assert_ptr_null(log_stopped());
    unit_capture();
    log_stop_recording("first");
    log_stop_recording("second");
    ck_assert_str_eq(
        unit_captured(),
        unit_log_line("stopped recording: first; the program goes on, reports are incomplete"));
    ck_assert_str_eq(log_stopped(), "first");
}
END_TEST

static void fail_assertion(void *unused)
{
    (void)unused;
    ASSERT(1 + 1 == 3);
}

START_TEST(failed_assertion_says_where_and_traps)
{
    int status = unit_child(fail_assertion, NULL);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGILL);
    ck_assert_ptr_nonnull(strstr(unit_captured(), "assertion failed: 1 + 1 == 3 ("));
}
END_TEST

Suite *suite_log(void)
{
    Suite *s = suite_create("log");
    TCase *c = unit_case(s, "log");
    tcase_add_test(c, says_one_line);
    tcase_add_test(c, verbose_only_when_asked);
    tcase_add_test(c, long_lines_are_cut_and_stay_lines);
    tcase_add_test(c, goes_where_it_is_sent);
    tcase_add_test(c, control_characters_do_not_break_the_line);
    tcase_add_test(c, stops_recording_once);
    tcase_add_test(c, failed_assertion_says_where_and_traps);
    return s;
}
