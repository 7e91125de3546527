/* SPDX-License-Identifier: MIT
 *
 * sink.h: file name patterns, files, buffering. */
#include "../../report/sink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

static char directory[] = "/tmp/leakgc-unit-XXXXXX";
static char text[4096];

static void setup(void)
{
    unit_alive();
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void teardown(void)
{
    rmdir(directory);
}

static const char *expand(const char *pattern)
{
    sink_expand(text, sizeof text, pattern, 7);
    return text;
}

START_TEST(patterns)
{
    char expected[512], host[256];
    ck_assert_str_eq(expand("/plain/path"), "/plain/path");
    ck_assert_str_eq(expand("/100%%"), "/100%");
    ck_assert_str_eq(expand("/%e"), "/unit-tests");
    ck_assert_str_eq(expand("/a.%n"), "/a.7");
    snprintf(expected, sizeof expected, "/r.%d.txt", getpid());
    ck_assert_str_eq(expand("/r.%p.txt"), expected);
    gethostname(host, sizeof host);
    snprintf(expected, sizeof expected, "/%s", host);
    ck_assert_str_eq(expand("/%h"), expected);
    snprintf(expected, sizeof expected, "/unit-tests-%d-7%%%s", getpid(), host);
    ck_assert_str_eq(expand("/%e-%p-%n%%%h"), expected);
}
END_TEST

START_TEST(time_pattern)
{
    long before = (long)time(NULL);
    long told = strtol(expand("/%t") + 1, NULL, 10);
    ck_assert_int_ge(told, before);
    ck_assert_int_le(told, (long)time(NULL));
}
END_TEST

START_TEST(unknown_patterns_stay)
{
    ck_assert_str_eq(expand("/%q"), "/%q");
    ck_assert_str_eq(expand("/a%"), "/a%");
    ck_assert_str_eq(expand("/%%p"), "/%p");
}
END_TEST

/* A relative path starts where the program started, wherever it is now. */
START_TEST(relative_paths)
{
    char cwd[2048], expected[4096];
    ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd));
    snprintf(expected, sizeof expected, "%s/x.txt", cwd);
    ck_assert_str_eq(expand("x.txt"), expected);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_str_eq(expand("x.txt"), expected);
}
END_TEST

START_TEST(cut_at_the_end)
{
    char small[64];
    for (size_t cap = 1; cap <= 16; cap++) {
        memset(small, '#', sizeof small);
        sink_expand(small, cap, "/%e/%e", 1);
        ck_assert_uint_eq(strlen(small), cap - 1);
        ck_assert_int_eq(strncmp(small, "/unit-tests/unit-tests", cap - 1), 0);
        ck_assert_int_eq(small[cap], '#');
    }
}
END_TEST

static size_t read_file(const char *path, char *buf, size_t cap)
{
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, buf, cap - 1);
    close(fd);
    buf[n] = '\0';
    return (size_t)n;
}

START_TEST(files_are_appended_to)
{
    char path[256], content[256];
    struct sink s;
    snprintf(path, sizeof path, "%s/report", directory);
    for (int i = 0; i < 2; i++) {
        sink_open(&s, path);
        sink_print(&s, "line %d %s\n", i, "x");
        sink_print(&s, "more\n");
        sink_close(&s);
    }
    read_file(path, content, sizeof content);
    ck_assert_str_eq(content, "line 0 x\nmore\nline 1 x\nmore\n");
    unlink(path);
}
END_TEST

START_TEST(numbers_count_up)
{
    struct sink s;
    char pattern[256], path[300];
    snprintf(pattern, sizeof pattern, "%s/r.%%n", directory);
    for (int i = 1; i <= 3; i++) {
        sink_open(&s, pattern);
        sink_print(&s, "x\n");
        sink_close(&s);
        snprintf(path, sizeof path, "%s/r.%d", directory, i);
        ck_assert_int_eq(unlink(path), 0);
    }
}
END_TEST

/* More than the buffer, in lines of all lengths: nothing lost, nothing doubled. */
START_TEST(long_output)
{
    enum { LINES = 4000, MOST = 1 << 22 };
    char path[256];
    char *content = malloc(MOST), *expected = malloc(MOST), line[4096];
    size_t at = 0;
    struct sink s;
    snprintf(path, sizeof path, "%s/long", directory);
    sink_open(&s, path);
    for (int i = 0; i < LINES; i++) {
        size_t n = (size_t)(i * 7 % (i % 50 ? 300 : 4000));
        memset(line, 'a' + i % 26, n);
        line[n] = '\0';
        sink_print(&s, "%d %s\n", i, line);
        at += (size_t)sprintf(expected + at, "%d %s\n", i, line);
    }
    sink_close(&s);
    ck_assert_uint_eq(read_file(path, content, MOST), at);
    ck_assert(!memcmp(content, expected, at));
    unlink(path);
    free(content);
    free(expected);
}
END_TEST

START_TEST(standard_error_and_a_file_that_can_t_be_opened)
{
    struct sink s;
    unit_capture();
    sink_open(&s, "stderr");
    sink_print(&s, "a\n");
    sink_close(&s);
    sink_open(&s, "/nowhere/at/all");
    sink_print(&s, "b\n");
    sink_close(&s);
    char expected[300];
    snprintf(expected, sizeof expected, "a\n%sb\n",
             unit_log_line("'/nowhere/at/all' can't be opened (ENOENT); using stderr"));
    ck_assert_str_eq(unit_captured(), expected);
}
END_TEST

Suite *suite_sink(void)
{
    Suite *s = suite_create("sink");
    TCase *c = unit_case(s, "sink");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, patterns);
    tcase_add_test(c, time_pattern);
    tcase_add_test(c, unknown_patterns_stay);
    tcase_add_test(c, relative_paths);
    tcase_add_test(c, cut_at_the_end);
    tcase_add_test(c, files_are_appended_to);
    tcase_add_test(c, numbers_count_up);
    tcase_add_test(c, long_output);
    tcase_add_test(c, standard_error_and_a_file_that_can_t_be_opened);
    return s;
}
