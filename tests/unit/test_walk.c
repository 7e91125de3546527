/* SPDX-License-Identifier: MIT
 *
 * walk.h: made-up stacks (stacks.h), the words that a walk notes, where it ends, stacks that are not
 * the thread's own. */
#include "../../preload/walk.h"

#include <sys/mman.h>
#include <unistd.h>

#include "../../preload/frame_rules.h"
#include "stacks.h"
#include "unit.h"

static struct stack_model model;
static struct stack_walk walk;

static void setup(void)
{
    unit_alive();
    stack_init(&model);
}

static bool walk_model(const struct thread *self)
{
    stack_walk_init(&walk, model.frames_most);
    walk_begin(&walk.walk, self, model.call);
    return walk_on(&walk.walk);
}

static void add(enum form form, unsigned words)
{
    model.frame[model.depth++] = (struct function_frame){form, words, 3};
}

/* The functions of stacks.c have the rules that the models take them to have. */
START_TEST(rules_of_the_made_up_functions)
{
    static const struct {
        enum form form;
        unsigned words, kind;
        int cfa, bp;
    } cases[] = {
        {FORM_SP, 1, RULE_SP, 8, 0},       {FORM_SP, 2, RULE_SP, 16, 0},
        {FORM_SP, 4, RULE_SP, 32, 0},      {FORM_SP, 9, RULE_SP, 72, 0},
        {FORM_SP_BP, 2, RULE_SP, 16, 2},   {FORM_SP_BP, 5, RULE_SP, 40, 2},
        {FORM_BP, 2, RULE_BP, 16, 2},      {FORM_REALIGNED, 3, RULE_REALIGNED, -8, 0},
        {FORM_GUESS, 2, RULE_GUESS, 0, 0}, {FORM_OTHER, 2, RULE_OTHER, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned site = 0; site < STACK_SITES; site++) {
            struct rule r = frame_rule(stack_pc(cases[i].form, cases[i].words, site));
            ck_assert_msg(r.kind == cases[i].kind && r.cfa == cases[i].cfa && r.bp == cases[i].bp,
                          "case %zu: %u %d %d", i, r.kind, r.cfa, r.bp);
        }
    ck_assert_uint_eq(frame_rule(stack_end_pc()).kind, RULE_END);
    ck_assert_int_eq(frame_rule(stack_same_pc()).cfa, 0);
    ck_assert_int_eq(frame_rule(stack_down_pc()).cfa, -8);
}
END_TEST

/* Each form, alone, twice, and behind each other. */
START_TEST(each_pair_of_forms)
{
    static const unsigned words[] = {4, 5, 6, 7, 8, 2};
    for (int a = 0; a < FORM_COUNT; a++)
        for (int b = 0; b < FORM_COUNT; b++) {
            model.depth = 0;
            add((enum form)b, words[b]);
            add((enum form)a, words[a]);
            stack_lay(&model, 0x12345);
            bool whole = walk_model(&model.thread);
            REQUIRE_MSG(whole == model.whole, "%d in %d", a, b);
            REQUIRE_MSG(stack_is_found(&model, &walk.walk), "%d in %d: %zu of %zu frames", a, b,
                        walk.walk.frames, model.frames);
            REQUIRE_MSG(stack_is_noted(&model, &walk.walk), "%d in %d: words", a, b);
            REQUIRE_MSG(walk.walk.repeatable, "%d in %d", a, b);
        }
}
END_TEST

START_TEST(random_stacks)
{
    uint64_t seed = unit_seed(7000);
    for (int round = 0; round < 30000; round++) {
        model.depth = (unsigned)unit_below(&seed, 60);
        model.frames_most = 1 + unit_below(&seed, 70);
        bool other_too = unit_below(&seed, 4) == 0;
        for (unsigned i = 0; i < model.depth; i++)
            model.frame[i] = stack_random_frame(&seed, other_too);
        stack_lay(&model, unit_random(&seed));
        bool own = unit_below(&seed, 4);
        REQUIRE_MSG(walk_model(own ? &model.thread : NULL) == model.whole, "round %d", round);
        REQUIRE_MSG(stack_is_found(&model, &walk.walk), "round %d", round);
        REQUIRE_MSG(stack_is_noted(&model, &walk.walk), "round %d", round);
        REQUIRE_MSG(walk.walk.repeatable == own && walk.walk.own_stack == own, "round %d", round);
    }
}
END_TEST

START_TEST(the_deepest)
{
    for (int i = 0; i < 290; i++)
        add(FORM_REALIGNED, 4);
    stack_lay(&model, 0);
    ck_assert(walk_model(&model.thread));
    ck_assert_uint_eq(walk.walk.frames, 256);
    ck_assert(stack_is_found(&model, &walk.walk));
    ck_assert(!walk.walk.repeatable); /* three words a frame: more than are kept */
    for (int i = 0; i < 290; i++)
        model.frame[i].form = FORM_BP;
    stack_lay(&model, 0);
    ck_assert(walk_model(&model.thread));
    ck_assert(stack_is_found(&model, &walk.walk) && stack_is_noted(&model, &walk.walk));
    ck_assert(walk.walk.repeatable);
}
END_TEST

/* --- Where BP is ------------------------------------------------------------------------------ */

START_TEST(bp_in_the_register)
{
    add(FORM_SP, 4);
    add(FORM_SP, 2);
    stack_lay(&model, 0xdead);
    ck_assert(walk_model(&model.thread));
    ck_assert(!walk.walk.uses_bp); /* nobody asked for it */
    ck_assert_uint_eq(walk.walk.bp_at, WALK_IN_REGISTER);
    model.frame[0].form = FORM_BP;
    stack_lay(&model, 0xdead);
    ck_assert(walk_model(&model.thread));
    ck_assert(walk.walk.uses_bp);
    ck_assert_uint_eq(walk.walk.first_bp, model.call[0]);
    ck_assert_uint_ne(walk.walk.bp_at, WALK_IN_REGISTER);
}
END_TEST

START_TEST(bp_in_a_slot)
{
    add(FORM_BP, 4);
    add(FORM_SP_BP, 2);
    stack_lay(&model, 0xdead);
    ck_assert(walk_model(&model.thread));
    ck_assert(!walk.walk.uses_bp); /* an inner function had saved it */
    ck_assert_uint_eq(walk.walk.words, 3);
    ck_assert_uint_eq(walk.walk.word[0].bp_at, 8);  /* call + 2 */
    ck_assert_uint_eq(walk.walk.word[1].offset, 8); /* that slot matters */
    ck_assert_uint_eq(walk.walk.word[1].bp_at, WALK_NO_RETURN);
    ck_assert_uint_eq(walk.walk.word[1].value, (uintptr_t)(model.call + 2 + 2 + 2));
}
END_TEST

/* --- Where it ends ---------------------------------------------------------------------------- */

/* How many frames of a stack of three, the last of which is as said; whether the walk came to its end,
 * or leaves the rest to libunwind. */
static bool whole;
static size_t frames_with(uintptr_t bp, uintptr_t pc)
{
    model.depth = 0;
    add(FORM_SP, 4);
    add(FORM_SP, 2);
    stack_lay(&model, bp);
    model.call[2 + 2 + 4 - 1] = pc;           /* instead of the outermost function */
    memset(model.call + 2 + 2 + 4, 0x41, 32); /* up to the stack's end */
    whole = walk_model(&model.thread);
    ck_assert_uint_ge(walk.walk.frames, 2);
    ck_assert(walk.walk.repeatable);
    return walk.walk.frames;
}

START_TEST(ends)
{
    ck_assert_uint_eq(frames_with(0, stack_end_pc()), 3);
    ck_assert(whole);
    ck_assert_uint_eq(frames_with(0, 0), 2); /* zero is no frame */
    ck_assert(whole);
    ck_assert_uint_eq(walk.walk.words, 2); /* but is known to be there */
    ck_assert_uint_eq(frames_with(0, stack_same_pc()), 3);
    ck_assert(!whole); /* no way up */
    ck_assert_uint_eq(frames_with(0, stack_down_pc()), 3);
    ck_assert(!whole);
    /* The CFA by BP: below, here, unaligned, above the stack, far away. */
    const uintptr_t sp = (uintptr_t)(model.call + 8);
    const uintptr_t wild[] = {1,
                              sp - 16,
                              sp - 24,
                              sp - 1,
                              sp + 4,
                              model.thread.stack_end,
                              model.thread.stack_end - 8,
                              UINTPTR_MAX,
                              UINTPTR_MAX - 15,
                              (uintptr_t)&wild};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        ck_assert_msg(frames_with(wild[i], stack_pc(FORM_BP, 2, 0)) == 3, "BP %zu", i);
        ck_assert_msg(frames_with(wild[i], stack_pc(FORM_REALIGNED, 4, 0)) == 3, "realigned %zu",
                      i);
        ck_assert_msg(frames_with(wild[i], stack_pc(FORM_GUESS, 2, 0)) == 3, "guess %zu", i);
    }
}
END_TEST

START_TEST(bp_is_zero_where_a_frame_was_realigned)
{
    ck_assert_uint_eq(frames_with(0, stack_pc(FORM_REALIGNED, 4, 0)), 3);
}
END_TEST

/* A guess goes no further than libunwind's. */
START_TEST(how_far_a_guess_goes)
{
    static const struct {
        ptrdiff_t distance;
        size_t frames;
    } cases[] = {{-8, 1}, {0, 2}, {8, 2}, {0x4000, 2}, {0x4008, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uintptr_t *call = model.word + 100;
        uintptr_t bp = (uintptr_t)(call + 2) + (uintptr_t)cases[i].distance;
        call[0] = bp;
        call[1] = stack_pc(FORM_GUESS, 2, 0);
        memset(call + 2, 0, 0x5000);
        *(uintptr_t *)(bp + 8) = stack_end_pc();
        model.call = call;
        call[1] = stack_pc(FORM_GUESS, 2, 0);
        ck_assert(walk_model(&model.thread));
        ck_assert_msg(walk.walk.frames == cases[i].frames, "case %zu: %zu", i, walk.walk.frames);
    }
}
END_TEST

/* The library's frames are left out, wherever they are. */
START_TEST(frames_of_the_library)
{
    uintptr_t pc[4];
    struct walk w = {.frame = pc, .frames_most = 2};
    walk_add_frame(&w, (uintptr_t)walk_begin);
    ck_assert_uint_eq(w.frames, 0);
    walk_add_frame(&w, (uintptr_t)setup);
    walk_add_frame(&w, (uintptr_t)walk_on + 5);
    walk_add_frame(&w, 0x10);
    walk_add_frame(&w, 0x20); /* no room */
    ck_assert_uint_eq(w.frames, 2);
    ck_assert_uint_eq(pc[0], (uintptr_t)setup);
    ck_assert_uint_eq(pc[1], 0x10);
}
END_TEST

/* --- Stacks of nobody's ----------------------------------------------------------------------- */

enum { PAGE = 4096 };

/* Pages with a stack of functions of nine words; the outermost is in a last page, without access. */
static char *pages_with_stack(size_t pages, size_t *ret_frames)
{
    char *p = unit_map((pages + 1) * PAGE);
    uintptr_t *word = (uintptr_t *)(void *)p;
    size_t at = 101;
    for (; at < pages * PAGE / 8; at += 9)
        word[at] = stack_pc(FORM_SP, 9, 1);
    word[at] = stack_end_pc();
    REQUIRE(!mprotect(p + pages * PAGE, PAGE, PROT_NONE));
    *ret_frames = (at - 101) / 9;
    return p;
}

START_TEST(a_page_that_can_not_be_read_ends_it)
{
    for (size_t pages = 1; pages <= 3; pages++) {
        size_t frames;
        char *p = pages_with_stack(pages, &frames);
        model.call = (uintptr_t *)(void *)p + 100;
        ck_assert(!walk_model(NULL)); /* libunwind may try */
        ck_assert(!walk.walk.own_stack && !walk.walk.repeatable);
        ck_assert_uint_eq(walk.walk.frames, frames);
        ck_assert(!mprotect(p + pages * PAGE, PAGE, PROT_READ)); /* the control: then it goes on */
        ck_assert(walk_model(NULL));
        ck_assert_uint_eq(walk.walk.frames, frames + 1);
        munmap(p, (pages + 1) * PAGE);
    }
}
END_TEST

/* The frame of malloc at the very end of a page, and of the stack. */
START_TEST(the_last_words_of_a_page)
{
    char *p = unit_map(2 * PAGE);
    ck_assert(!mprotect(p + PAGE, PAGE, PROT_NONE));
    for (unsigned words = 3; words < 20; words++) {
        uintptr_t *call = (uintptr_t *)(void *)(p + PAGE) - words;
        for (unsigned i = 0; i < words; i++)
            call[i] = stack_pc(FORM_SP, 1, 0); /* every word is a return address */
        model.call = call;
        ck_assert(!walk_model(NULL));
        ck_assert_uint_eq(walk.walk.frames, words - 1);
        struct thread t = {.stack_begin = (uintptr_t)p, .stack_end = (uintptr_t)p + PAGE};
        ck_assert(!walk_model(&t));
        ck_assert(walk.walk.own_stack);
        ck_assert_uint_eq(walk.walk.frames, words - 1);
    }
    munmap(p, 2 * PAGE);
}
END_TEST

/* Only the return address is on the stack. */
START_TEST(the_very_last_word_of_a_page)
{
    char *p = unit_map(2 * PAGE);
    ck_assert(!mprotect(p + PAGE, PAGE, PROT_NONE));
    model.call = (uintptr_t *)(void *)(p + PAGE) - 2;
    model.call[1] = stack_pc(FORM_SP, 1, 0);
    ck_assert(!walk_model(NULL));
    ck_assert_uint_eq(walk.walk.frames, 1);
}
END_TEST

/* The thread's stack ends where it says, whatever lies behind. */
START_TEST(own_stack_bounds)
{
    for (unsigned words = 3; words < 40; words++) {
        for (unsigned i = 0; i < 100; i++)
            model.word[i] = stack_pc(FORM_SP, 1, 0);
        struct thread t = {.stack_begin = (uintptr_t)model.word,
                           .stack_end = (uintptr_t)(model.word + words)};
        model.call = model.word;
        ck_assert(!walk_model(&t));
        ck_assert_uint_eq(walk.walk.frames, words - 1);
        t.stack_end = (uintptr_t)(model.word + 2); /* the stack pointer is above it: not its own */
        walk_model(&t);
        ck_assert(!walk.walk.own_stack);
        ck_assert_uint_ge(walk.walk.frames, 98);
    }
}
END_TEST

/* Further than a note can say: not remembered, and the walk ends where BP could not be found again. */
START_TEST(four_gigabytes)
{
    size_t bytes = (size_t)5 << 30;
    char *p = unit_map(bytes);
    struct thread t = {.stack_begin = (uintptr_t)p, .stack_end = (uintptr_t)p + bytes};
    uintptr_t *call = model.call = (uintptr_t *)(void *)p;
    for (int near = 0; near < 2; near++) {
        uintptr_t *far = (uintptr_t *)(void *)(p + (near ? ((size_t)4 << 30) - 64 : bytes - 64));
        call[0] = (uintptr_t)far;
        far[1] = stack_end_pc();
        call[1] = stack_pc(FORM_BP, 2, 0);
        ck_assert_int_eq(walk_model(&t), near);
        ck_assert_uint_eq(walk.walk.frames, near ? 2 : 1);
        far[-1] = (uintptr_t)(far + 2);
        call[1] = stack_pc(FORM_REALIGNED, 3, 0);
        ck_assert_int_eq(walk_model(&t), near);
        ck_assert_uint_eq(walk.walk.frames, near ? 2 : 1);
        ck_assert_int_eq(walk.walk.repeatable, near);
        call[0] = (uintptr_t)(call + 10);
        call[9] = (uintptr_t)far; /* the CFA is far, BP is near */
        far[-1] = stack_end_pc();
        ck_assert(walk_model(&t));
        ck_assert_uint_eq(walk.walk.frames, 2);
        ck_assert_int_eq(walk.walk.repeatable, near);
    }
    munmap(p, bytes);
}
END_TEST

Suite *suite_walk(void)
{
    Suite *s = suite_create("walk");
    TCase *c = unit_case(s, "walk");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, rules_of_the_made_up_functions);
    tcase_add_test(c, each_pair_of_forms);
    tcase_add_test(c, random_stacks);
    tcase_add_test(c, the_deepest);
    tcase_add_test(c, bp_in_the_register);
    tcase_add_test(c, bp_in_a_slot);
    tcase_add_test(c, ends);
    tcase_add_test(c, bp_is_zero_where_a_frame_was_realigned);
    tcase_add_test(c, how_far_a_guess_goes);
    tcase_add_test(c, frames_of_the_library);
    c = unit_case(s, "walk_elsewhere");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, a_page_that_can_not_be_read_ends_it);
    tcase_add_test(c, the_last_words_of_a_page);
    tcase_add_test(c, the_very_last_word_of_a_page);
    tcase_add_test(c, own_stack_bounds);
    tcase_add_test(c, four_gigabytes);
    return s;
}
