/* SPDX-License-Identifier: MIT
 *
 * suppress_match.h: which stack meets which suppression, both ways, with and without remembered frames; and
 * that many of both do not take for ever. */
#include "../../report/suppress_match.h"

#include <time.h>

#include "../../preload/space.h"
#include "unit.h"

static struct suppressions list;
static struct stack stack;

static void setup(void)
{
    unit_space();
    list = (struct suppressions){0};
}

static void parse(const char *text)
{
    char *copy = strdup(text);
    list = (struct suppressions){0};
    suppress_parse(&list, copy, strlen(text), "F");
}

/* main -> caller -> ns::make(int), in C++, and a frame without names. */
static void make_stack(void)
{
    static const struct symbols_frame frames[] = {
        {.function = "ns::make(int)",
         .linkage = "_ZN2ns4makeEi",
         .file = "/src/lib/make.cc",
         .module = "/lib/libmake.so.1",
         .line = 12,
         .id = 0},
        {.module = "/lib/libmake.so.1", .id = 1},
        {.function = "caller", .file = "/src/app.c", .module = "/bin/app", .line = 7, .id = 2},
        {.function = "main", .file = "/src/app.c", .module = "/bin/app", .line = 9, .id = 3},
    };
    stack.count = 4;
    memcpy(stack.frame, frames, sizeof frames);
}

static long find(enum loss_kind kind, uint32_t frames)
{
    struct matcher m;
    matcher_init(&m, &list, frames);
    long found = matcher_find(&m, &stack, kind);
    REQUIRE(matcher_find(&m, &stack, kind) == found); /* now it is remembered */
    return found;
}

#define BLOCK(middle) "{\nn\nMemcheck:Leak\n" middle "}\n"

static const struct {
    const char *text;
    bool meets;
} cases[] = {
    {"leak:make\n", true},
    {"leak:ns::make(int)\n", true},
    {"leak:_ZN2ns\n", true},
    {"leak:caller\n", true},
    {"leak:call*r\n", true},
    {"leak:other\n", false},
    {"leak:^caller$\n", true},
    {"leak:^call$\n", false},
    {"leak:^aller\n", false},
    {"leak:libmake.so\n", true},
    {"leak:^/lib/libmake.so.1$\n", true},
    {"leak:^libmake.so\n", false},
    {"leak:app.c\n", true},
    {"leak:app.cc\n", false},
    {"leak:mak?\n", false},
    {BLOCK("fun:ns::make(int)\n"), true},
    {BLOCK("fun:_ZN2ns4makeEi\n"), true},
    {BLOCK("fun:_ZN2ns*\n"), true},
    {BLOCK("fun:_ZN2ns\n"), false},
    {BLOCK("fun:malloc\nfun:_ZN2ns4makeEi\n"), true},
    {BLOCK("fun:*alloc\nfun:_ZN2ns4makeEi\n"), true},
    {BLOCK("fun:_Znwm\nfun:_ZN2ns4makeEi\n"), true},
    {BLOCK("obj:*vgpreload_memcheck*\nfun:_ZN2ns4makeEi\n"), true},
    {BLOCK("fun:free\nfun:_ZN2ns4makeEi\n"), false},
    {BLOCK("fun:malloc\nfun:malloc\nfun:_ZN2ns4makeEi\n"), false},
    {BLOCK("fun:malloc\n"), false},
    {BLOCK("fun:caller\n"), false},
    {BLOCK("...\nfun:caller\n"), true},
    {BLOCK("...\nfun:caller\n...\n"), true},
    {BLOCK("...\nfun:caller\nfun:main\n"), true},
    {BLOCK("...\nfun:main\nfun:caller\n"), false},
    {BLOCK("...\nfun:main\nfun:*\n"), false},
    {BLOCK("...\nfun:main\n...\n"), true},
    {BLOCK("fun:malloc\n...\nfun:main\n"), true},
    {BLOCK("...\n"), true},
    {BLOCK("obj:*libmake*\nobj:/lib/libmake.so.?\nobj:/bin/app\n"), true},
    {BLOCK("obj:*libmake*\nobj:/bin/app\n"), false},
    {BLOCK("obj:*libmake*\nfun:*\nfun:caller\n"), false}, /* a frame without a name */
    {BLOCK("obj:*libmake*\nobj:*\nfun:caller\n"), true},
    {BLOCK("...\nobj:/bin/app\nobj:/bin/app\nobj:/bin/app\n"), false},
    {BLOCK("src:make.cc\n"), true},
    {BLOCK("src:/src/lib/make.cc\n"), true},
    {BLOCK("src:make.cc:12\n"), true},
    {BLOCK("src:make.cc:13\n"), false},
    {BLOCK("src:*.c\n"), false},
    {BLOCK("src:ake.cc\n"), false},
    {BLOCK("match-leak-kinds: definite\nfun:_ZN2ns*\n"), true},
    {BLOCK("match-leak-kinds: indirect,possible\nfun:_ZN2ns*\n"), false},
    {BLOCK("match-leak-kinds: none\nfun:_ZN2ns*\n"), false},
};

START_TEST(table)
{
    make_stack();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint32_t known = 0; known <= 4; known += 4) {
            parse(cases[i].text);
            REQUIRE_MSG((find(LOSS_DEFINITE, known) == 0) == cases[i].meets, "%s", cases[i].text);
        }
}
END_TEST

START_TEST(the_first_counts)
{
    make_stack();
    parse("leak:nothing\nleak:main\n" BLOCK("fun:_ZN2ns4makeEi\n") "leak:make\n");
    ck_assert_int_eq(find(LOSS_DEFINITE, 4), 1);
    parse(BLOCK("fun:_ZN2ns4makeEi\n") "leak:main\nleak:make\n");
    ck_assert_int_eq(find(LOSS_DEFINITE, 4), 0);
    parse("leak:main\n");
    ck_assert_int_eq(find(LOSS_INDIRECT, 4), 0);
    ck_assert_int_eq(find(LOSS_POSSIBLE, 4), 0);
    ck_assert_int_eq(find(LOSS_REACHABLE, 4), -1); /* LeakSanitizer's are about leaks */
    parse("leak:main\n" BLOCK("...\nfun:main\n"));
    ck_assert_int_eq(find(LOSS_REACHABLE, 4), 1);
}
END_TEST

START_TEST(needs)
{
    parse(BLOCK("obj:a\n...\n"));
    ck_assert(!suppress_needs_names(&list));
    ck_assert_int_eq(suppress_find_module(&list, "a"), -1);
    parse(BLOCK("obj:a\nfun:b\n"));
    ck_assert(suppress_needs_names(&list));
    parse("leak:x\nleak:libmake\n");
    ck_assert(suppress_needs_names(&list));
    ck_assert_int_eq(suppress_find_module(&list, "/lib/libmake.so"), 1);
    ck_assert_int_eq(suppress_find_module(&list, "/lib/libm.so"), -1);
}
END_TEST

/* A thousand stacks; with ids of frames, or without. */
static clock_t time_of_many(bool with_ids)
{
    enum { STACKS = 1000, FRAMES = 1000, DEPTH = 30 };
    static char names[FRAMES][32];
    uint64_t dice = unit_seed(23);
    struct matcher m;
    for (int i = 0; i < FRAMES; i++)
        sprintf(names[i], "function_%d_name", i);
    matcher_init(&m, &list, FRAMES);
    clock_t begun = clock();
    for (int i = 0; i < STACKS; i++) {
        stack.count = DEPTH;
        for (uint32_t k = 0; k < DEPTH; k++) {
            uint32_t id = (uint32_t)unit_random(&dice) % FRAMES;
            stack.frame[k] =
                (struct symbols_frame){.function = names[id], .id = with_ids ? id : SYMBOLS_NO_ID};
        }
        REQUIRE(matcher_find(&m, &stack, LOSS_DEFINITE) == -1);
    }
    return clock() - begun;
}

/* Four hundred suppressions of each form, which meet nothing: texts are compared once for each frame. */
START_TEST(many)
{
    enum { EACH = 400 };
    static char text[EACH * 200];
    size_t n = 0;
    for (int i = 0; i < EACH; i++)
        n += (size_t)sprintf(text + n, "leak:no*such*%d\n" BLOCK("...\nfun:f*_%d_x\nfun:y*\n"), i,
                             i);
    parse(text);
    ck_assert_uint_eq(list.count, 2 * EACH);
    clock_t remembered = time_of_many(true);
    clock_t anew = time_of_many(false);
    ck_assert_msg(remembered < anew / 3, "%ld against %ld", remembered, anew);
}
END_TEST

Suite *suite_suppress_match(void)
{
    Suite *s = suite_create("suppress_match");
    TCase *c = unit_case(s, "suppress_match");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, table);
    tcase_add_test(c, the_first_counts);
    tcase_add_test(c, needs);
    tcase_add_test(c, many);
    return s;
}
