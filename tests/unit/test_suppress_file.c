/* SPDX-License-Identifier: MIT
 *
 * suppress_file.h: what each text makes of itself, the exact line for each fault, damaged and random text. */
#include "../../report/suppress_file.h"

#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../preload/fmt.h"
#include "../../preload/options.h"
#include "../../report/glob.h"
#include "unit.h"

static struct suppressions list;

static void setup(void)
{
    unit_space();
    list = (struct suppressions){0};
}

/* The list in one line: `name kinds frames...;` */
static const char *written(void)
{
    static const char *const words[] = {"fun", "obj", "src", "...", "leak"};
    static char text[4096];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < list.count; i++) {
        const struct suppression *s = &list.item[i];
        n += fmt(text + n, sizeof text - n, "[%s @%u %x", s->name, s->line, s->kinds);
        for (size_t k = 0; k < s->count; k++)
            n += fmt(text + n, sizeof text - n, " %s=%s/%u/%u", words[s->pattern[k].kind],
                     s->pattern[k].glob, (unsigned)s->pattern[k].flags, s->pattern[k].line);
        n += fmt(text + n, sizeof text - n, "]");
    }
    return text;
}

static const char *parse_bytes(const char *text, size_t bytes)
{
    char *copy = malloc(bytes + 1);
    memcpy(copy, text, bytes);
    copy[bytes] = 'x'; /* to be overwritten */
    unit_capture();
    suppress_parse(&list, copy, bytes, "F");
    return unit_captured();
}

/* The text makes this of itself, and is told this (a line without its beginning), or nothing. */
static void makes(const char *text, const char *expected, const char *told)
{
    list = (struct suppressions){0};
    ck_assert_str_eq(parse_bytes(text, strlen(text)), told ? unit_log_line(told) : "");
    ck_assert_str_eq(written(), expected);
}

#define LEAK_A "[leak:a @1 7 leak=a/6/0]"
#define BLOCK(middle) "{\n n\n Memcheck:Leak\n" middle "}\n"

START_TEST(leak_lines)
{
    makes("", "", NULL);
    makes("leak:a\n", LEAK_A, NULL);
    makes("leak:a", LEAK_A, NULL);
    makes("leak:a\r\n", LEAK_A, NULL);
    makes("  \t leak:a \t\n", LEAK_A, NULL);
    makes("\xef\xbb\xbfleak:a\n", LEAK_A, NULL);
    makes("leak:a # b\n", "[leak:a # b @1 7 leak=a # b/6/0]", NULL);
    makes("# leak:b\n\n  # x\n\n", "", NULL);
    makes("#\nleak:^a\n", "[leak:^a @2 7 leak=a/4/0]", NULL);
    makes("leak:a$\n", "[leak:a$ @1 7 leak=a/2/0]", NULL);
    makes("leak:^a*b$\n", "[leak:^a*b$ @1 7 leak=a*b/0/0]", NULL);
    makes("leak:*\n", "[leak:* @1 7 leak=*/6/0]", NULL);
    makes("leak:a\nleak:b\n", LEAK_A "[leak:b @2 7 leak=b/6/0]", NULL);
    makes("leak:\xff\xfe\n", "[leak:\xff\xfe @1 7 leak=\xff\xfe/6/0]", NULL);
}
END_TEST

START_TEST(wrong_lines)
{
    makes("leak:\nleak:a\n", "[leak:a @2 7 leak=a/6/0]", "F:1: the pattern is empty; ignored");
    makes("leak:^$\n", "", "F:1: the pattern is empty; ignored");
    makes("race:a\n", "", "F:1: neither 'leak:PATTERN' nor '{'; ignored");
    makes("\n\nLEAK:a\n", "", "F:3: neither 'leak:PATTERN' nor '{'; ignored");
    makes("}\n", "", "F:1: neither 'leak:PATTERN' nor '{'; ignored");
}
END_TEST

START_TEST(blocks)
{
    makes(BLOCK("fun:f\n"), "[n @1 f fun=f/1/0]", NULL);
    makes("{\r\n n\r\n Memcheck:Leak\r\n fun:f\r\n}", "[n @1 f fun=f/1/0]", NULL);
    makes(BLOCK("fun:f\n...\nobj:*/o?\nsrc:s.c\nsrc:s.c:12\nsrc:a:b\n"),
          "[n @1 f fun=f/1/0 ...=/1/0 obj=*/o?/1/0 src=s.c/1/0 src=s.c/1/12 src=a:b/1/0]", NULL);
    makes(BLOCK("...\n"), "[n @1 f ...=/1/0]", NULL);
    makes(BLOCK("# c\n\nfun:f\n"), "[n @1 f fun=f/1/0]", NULL);
    makes(BLOCK("match-leak-kinds: definite\nfun:f\n"), "[n @1 1 fun=f/1/0]", NULL);
    makes(BLOCK("match-leak-kinds:possible,reachable\nfun:f\n"), "[n @1 c fun=f/1/0]", NULL);
    makes(BLOCK("match-leak-kinds: all\nfun:f\n"), "[n @1 f fun=f/1/0]", NULL);
    makes(BLOCK("match-leak-kinds: none\nfun:f\n"), "[n @1 0 fun=f/1/0]", NULL);
    makes("{\nn\nAddrcheck,Memcheck:Leak\nfun:f\n}\n", "[n @1 f fun=f/1/0]", NULL);
    makes(BLOCK("fun:f\n") "leak:a\n", "[n @1 f fun=f/1/0][leak:a @6 7 leak=a/6/0]", NULL);
}
END_TEST

START_TEST(blocks_of_others)
{
    makes("{\nn\nMemcheck:Value8\nfun:f\n}\n", "", NULL);
    makes("{\nn\nMemcheck:Param\nwrite(buf)\nfun:f\n}\nleak:a\n", "[leak:a @7 7 leak=a/6/0]", NULL);
    makes("{\nn\nHelgrind:Race\nfun:f\n}\n", "", NULL);
    makes("{\nn\nHelgrind:Leak\nfun:f\n}\n", "", NULL);
    makes("{\nn\nXMemcheck:Leak\nfun:f\n}\n", "", NULL);
}
END_TEST

START_TEST(wrong_blocks)
{
    makes(BLOCK(""), "", "F:4: the suppression has no frames; it is ignored");
    makes("{\n}\n", "", "F:2: the suppression ends too early; it is ignored");
    makes("{\nn\n}\n", "", "F:3: the suppression ends too early; it is ignored");
    makes("{\nn\nLeak\nfun:f\n}\n", "",
          "F:3: 'Memcheck:Leak' is expected here; the suppression is ignored");
    makes(BLOCK("fun:f\ng\n"), "",
          "F:5: not a frame (fun:, obj:, src:, ...); the suppression is ignored");
    makes(BLOCK("fun:\n"), "",
          "F:4: not a frame (fun:, obj:, src:, ...); the suppression is ignored");
    makes(BLOCK("....\n"), "",
          "F:4: not a frame (fun:, obj:, src:, ...); the suppression is ignored");
    makes(
        BLOCK("match-leak-kinds: lost\nfun:f\n"), "",
        "F:4: not a set of definite, indirect, possible, reachable, all, none; the suppression is "
        "ignored");
    makes(BLOCK("fun:f\nmatch-leak-kinds: all\n"), "",
          "F:5: match-leak-kinds comes before the frames; the suppression is ignored");
    makes("{\nn\nMemcheck:Leak\nfun:f\n", "",
          "F:4: the file ends inside of a suppression, which is ignored");
    makes("{\nn\nMemcheck:Leak\nfun:f\n" BLOCK("fun:g\n"), "[n @5 f fun=g/1/0]",
          "F:5: '{' inside of a suppression, which has no '}' and is ignored");
}
END_TEST

START_TEST(nul_bytes)
{
    const char text[] = "leak:a\nleak:b\0c\nleak:d\n";
    ck_assert_str_eq(parse_bytes(text, sizeof text - 1),
                     unit_log_line("F:2: a NUL byte in the line; it is ignored"));
    ck_assert_str_eq(written(), LEAK_A "[leak:d @3 7 leak=d/6/0]");
}
END_TEST

START_TEST(many_faults_are_counted)
{
    char text[2 * 1000 + 1] = "";
    for (int i = 0; i < 1000; i++)
        memcpy(text + 2 * i, "x\n", 2);
    const char *told = parse_bytes(text, 2000);
    size_t lines = 0;
    for (const char *s = told; *s; s++)
        lines += *s == '\n';
    ck_assert_uint_eq(lines, 11);
    ck_assert_ptr_nonnull(strstr(told, "leakgc: F: 990 more lines can't be understood\n"));
}
END_TEST

START_TEST(ids_are_unique)
{
    makes(BLOCK("fun:f\nfun:g\n") "leak:a\n" BLOCK("fun:h\n"),
          "[n @1 f fun=f/1/0 fun=g/1/0][leak:a @7 7 leak=a/6/0][n @8 f fun=h/1/0]", NULL);
    uint32_t next = 0;
    for (size_t i = 0; i < list.count; i++)
        for (size_t k = 0; k < list.item[i].count; k++)
            ck_assert_uint_eq(list.item[i].pattern[k].id, next++);
    ck_assert_uint_eq(list.patterns, next);
}
END_TEST

/* Random lines out of pieces: it ends, and what it makes is sound. */
START_TEST(random_text)
{
    uint64_t dice = unit_seed(22);
    static const char *const pieces[] = {"{",    "}",     "\n",   "leak:", "Memcheck:Leak",
                                         "fun:", "obj:",  "src:", "...",   "#",
                                         "*",    "\r",    ":12",  "a",     "\n",
                                         "\xff", "\n{\n", "^",    "$",     "match-leak-kinds:",
                                         "all",  ","};
    for (int round = 0; round < 3000; round++) {
        char text[1024];
        size_t n = 0;
        while (n < 900) {
            const char *piece = pieces[unit_random(&dice) % (sizeof pieces / sizeof *pieces)];
            n += fmt(text + n, sizeof text - n, "%s", piece);
            if (unit_random(&dice) % 100 == 0)
                text[n++] = '\0';
        }
        list = (struct suppressions){0};
        parse_bytes(text, n);
        for (size_t i = 0; i < list.count; i++) {
            REQUIRE(list.item[i].count >= 1 && list.item[i].name && list.item[i].line);
            for (size_t k = 0; k < list.item[i].count; k++)
                REQUIRE(list.item[i].pattern[k].kind == PATTERN_REST ||
                        *list.item[i].pattern[k].glob);
        }
    }
}
END_TEST

static const char *write_file(const char *text, size_t bytes)
{
    static char path[64];
    strcpy(path, "/tmp/leakgc-unit-XXXXXX");
    int fd = mkstemp(path);
    REQUIRE(fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes);
    close(fd);
    return path;
}

START_TEST(files)
{
    char *one = strdup(write_file("leak:a\n", 7));
    char *two = strdup(write_file("leak:b", 6));
    char *paths = malloc(200);
    sprintf(paths, "%s,/no/such/file,,%s,/", one, two);
    unit_capture();
    suppress_read(&list, paths);
    char *told = strdup(unit_captured());
    ck_assert_ptr_nonnull(strstr(told, "suppressions '/no/such/file' can't be read (ENOENT)\n"));
    ck_assert_ptr_nonnull(strstr(told, "suppressions '/' can't be read (EISDIR)\n"));
    ck_assert_str_eq(written(), LEAK_A "[leak:b @1 7 leak=b/6/0]");
    ck_assert_str_eq(list.item[1].file, two);
    unlink(one);
    unlink(two);
}
END_TEST

START_TEST(unreadable_file)
{
    const char *path = write_file("leak:a\n", 7);
    if (geteuid() == 0) { /* root reads all: a FIFO without a writer stands for it */
        unlink(path);
        ck_assert_int_eq(mkfifo(path, 0600), 0);
    } else {
        chmod(path, 0);
    }
    unit_capture();
    suppress_read(&list, path);
    unit_captured();
    ck_assert_uint_eq(list.count, 0);
    unlink(path);
}
END_TEST

/* 17 MB of lines: what is read is bounded, and whole lines. */
START_TEST(large_file)
{
    size_t bytes = (size_t)17 << 20;
    char *text = malloc(bytes);
    for (size_t i = 0; i < bytes; i++)
        text[i] = i % 64 == 63 ? '\n' : '#';
    memcpy(text, "leak:a\n", 7);
    memcpy(text + bytes - 7, "leak:b\n", 7);
    memcpy(text + ((size_t)16 << 20) - 10, "\nleak:cut in two\n", 17);
    const char *path = write_file(text, bytes);
    unit_capture();
    suppress_read(&list, path);
    ck_assert_ptr_nonnull(strstr(unit_captured(), "what is beyond 16 megabytes is ignored\n"));
    ck_assert_str_eq(written(), LEAK_A);
    unlink(path);
}
END_TEST

Suite *suite_suppress_file(void)
{
    Suite *s = suite_create("suppress_file");
    TCase *c = unit_case(s, "suppress_file");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, leak_lines);
    tcase_add_test(c, wrong_lines);
    tcase_add_test(c, blocks);
    tcase_add_test(c, blocks_of_others);
    tcase_add_test(c, wrong_blocks);
    tcase_add_test(c, nul_bytes);
    tcase_add_test(c, many_faults_are_counted);
    tcase_add_test(c, ids_are_unique);
    tcase_add_test(c, random_text);
    tcase_add_test(c, files);
    tcase_add_test(c, unreadable_file);
    tcase_add_test(c, large_file);
    return s;
}
