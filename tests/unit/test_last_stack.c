/* SPDX-License-Identifier: MIT
 *
 * last_stack.h: a walk that joins the last stack finds what a fresh walk over the whole stack finds, and
 * knows the words that this depends on: each frame and each word changed in turn, BP here and there,
 * other stacks, lack of memory. */
#include <sys/mman.h>

#include "../../preload/frame_rules.h"
#include "../../preload/meta.h"
#include "../../preload/space.h"
#include "../../preload/sys.h"
#include "../../preload/trace.h"
#include "joined.h"
#include "unit.h"

/* --- Frames ----------------------------------------------------------------------------------- */

START_TEST(an_empty_one_knows_nothing)
{
    some_stack();
    stack_lay(&model, 0);
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
    ck_assert_uint_eq(last.words, 0);
    last_stack_done(&last); /* nothing to give back */
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
    struct walk w;
    ck_assert(last_stack_lend(&last, &w)); /* memory, but no stack yet */
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
}
END_TEST

START_TEST(the_same_again)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    uint32_t trace = last_stack_rejoin(&last, model.call), words = last.words;
    ck_assert_uint_ne(trace, 0);
    for (int i = 0; i < 3; i++) {
        lay_and_expect(STACK_JOINED);
        ck_assert_uint_eq(last_stack_rejoin(&last, model.call), trace);
        ck_assert_uint_eq(last.words, words);
    }
}
END_TEST

/* Another site, another size, and back. */
START_TEST(each_frame_changes)
{
    static const struct function_frame others[] = {
        {FORM_SP, 4, 1}, {FORM_SP_BP, 5, 1}, {FORM_BP, 7, 1}, {FORM_BP, 2, 0}, {FORM_SP, 1, 2}};
    some_stack();
    lay_and_expect(STACK_WALKED);
    for (unsigned i = 0; i < model.depth; i++)
        for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
            struct function_frame saved = model.frame[i];
            model.frame[i].site ^= 1;
            lay_and_expect(STACK_JOINED);
            model.frame[i] = others[k];
            lay_and_expect(STACK_JOINED);
            model.frame[i] = saved;
            lay_and_expect(STACK_JOINED);
        }
}
END_TEST

/* Over a frame that only the long walk can pass none joins, up to there one does. */
START_TEST(frames_that_end_a_joining_walk)
{
    static const struct function_frame hard[] = {{FORM_REALIGNED, 5, 0}, {FORM_GUESS, 4, 0}};
    for (unsigned h = 0; h < 2; h++)
        for (unsigned at = 0; at < 9; at++)
            for (unsigned i = 0; i < 9; i++) {
                some_stack();
                model.frame[at] = hard[h];
                set_depth(32);
                lay_and_expect(STACK_WALKED);
                model.frame[i].site ^= 1;
                lay_and_expect(i <= at ? STACK_WALKED : STACK_JOINED);
            }
}
END_TEST

/* 24 steps are tried. */
START_TEST(many_frames_differ)
{
    set_depth(64);
    for (unsigned differ = 1; differ < 40; differ++) {
        for (unsigned site = 0; site < 2; site++) {
            model.depth = 0;
            add(FORM_BP, 2, 0);
            for (unsigned i = 0; i < differ; i++)
                add(i % 2 ? FORM_BP : FORM_SP, 2, site);
            lay_and_check();
        }
        ck_assert_int_eq(path == STACK_JOINED, differ <= 24);
    }
}
END_TEST

/* --- Words ------------------------------------------------------------------------------------ */

/* Each word of the stack, needed or not, with values that make another stack of it, and back. */
static void change_each_word(void)
{
    size_t joined = 0;
    lay_and_check();
    for (uintptr_t *p = model.call; p < model.word + STACK_WORDS; p++) {
        uintptr_t saved = *p;
        const uintptr_t others[] = {0,
                                    1,
                                    stack_end_pc(),
                                    stack_pc(FORM_SP, 1, 5),
                                    stack_pc(FORM_BP, 2, 5),
                                    saved + 8,
                                    saved - 8,
                                    (uintptr_t)(model.call + 4),
                                    (uintptr_t)(model.word + STACK_WORDS - 8)};
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            *p = others[i];
            capture_and_check();
            *p = saved;
            capture_and_check();
            joined += path == STACK_JOINED;
        }
    }
    REQUIRE(joined);
}

START_TEST(each_word_changes)
{
    static const uint32_t depths[] = {1, 2, 3, 5, 8, 32};
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        set_depth(depths[i]);
        some_stack();
        change_each_word();
        model.frame[1].form = FORM_REALIGNED;
        change_each_word();
        model.frame[2] = (struct function_frame){FORM_GUESS, 3, 0};
        change_each_word();
    }
}
END_TEST

/* What no rule reads may be anything. */
START_TEST(other_words_do_not_matter)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    for (uintptr_t *p = model.call + 2; p < model.word + STACK_WORDS; p++) {
        bool matters = false;
        for (uint32_t i = 1; i < last.words; i++)
            matters |= (uintptr_t)p == last.low + last.word[i].at;
        if (!matters)
            *p = 0x5555;
    }
    capture_and_check();
    ck_assert_int_eq(path, STACK_JOINED);
    ck_assert_uint_eq(fresh.walk.frames, model.depth + 1);
}
END_TEST

/* --- BP --------------------------------------------------------------------------------------- */

START_TEST(bp_in_the_register)
{
    add(FORM_BP, 4, 0);
    add(FORM_BP, 6, 0);
    add(FORM_SP, 2, 0);
    add(FORM_SP, 4, 0);
    lay_and_expect(STACK_WALKED);
    ck_assert(last.uses_bp);
    uintptr_t right = model.call[0], *slot = (uintptr_t *)right;
    const uintptr_t wild[] = {right + 8, right - 8, slot[0], 0, 1, UINTPTR_MAX - 7};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++)
        for (int again = 0; again < 2; again++) {
            model.call[0] = wild[i];
            capture_and_check();
            ck_assert_uint_ne(fresh.walk.frames, 5);
            model.call[0] = right;
            capture_and_check();
            ck_assert_uint_eq(fresh.walk.frames, 5);
        }
}
END_TEST

START_TEST(bp_that_nobody_needs)
{
    for (int outer = 0; outer < 2; outer++) { /* it matters further out, where it was saved */
        set_depth(32);
        model.depth = 0;
        add(outer ? FORM_BP : FORM_SP, 4, 0);
        add(FORM_SP_BP, 2, 0);
        add(FORM_SP, 4, 0);
        add(FORM_SP, 2, 0);
        for (uintptr_t bp = 1; bp < 5; bp++) {
            stack_lay(&model, bp);
            capture_and_check();
            ck_assert_int_eq(path, bp == 1 ? STACK_WALKED : STACK_JOINED);
            ck_assert(!last.uses_bp);
            ck_assert(!last.word[last.words - 1].needs_bp);
            ck_assert_int_eq(last.word[2 + outer].needs_bp, outer);
        }
    }
}
END_TEST

/* The same return addresses at the same places, BP saved in one slot, another, or not at all: each
 * holds what leads elsewhere while it is not its turn. */
START_TEST(bp_in_another_slot)
{
    static const struct function_frame inner[][2] = {
        {{FORM_SP_BP, 5, 0}, {FORM_SP, 4, 0}},
        {{FORM_SP, 4, 0}, {FORM_SP_BP, 5, 0}},
        {{FORM_SP, 5 + 4, 0}, {FORM_SP, 4, 0}},
        {{FORM_SP_BP, 2, 0}, {FORM_SP_BP, 2, 0}},
    };
    uint64_t seed = unit_seed(9100);
    for (int round = 0; round < 3000; round++) {
        const struct function_frame *f = inner[unit_below(&seed, 4)];
        model.depth = 0;
        add(FORM_SP, 2, 0);
        add(FORM_BP, 4, 0);
        add(FORM_BP, 6, 0);
        add(f[0].form, f[0].words, 0);
        add(f[1].form, f[1].words, 0);
        uintptr_t wrong = (uintptr_t)(model.word + STACK_WORDS - 4 - 2 - 2); /* past a frame */
        for (uintptr_t *p = model.word + STACK_WORDS - 64; p < model.word + STACK_WORDS; p++)
            *p = wrong;
        stack_lay(&model, wrong);
        capture_and_check();
        ck_assert_uint_eq(fresh.walk.frames, 6);
        for (int i = 0; i < 4; i++) /* and in its turn too */
            if (unit_below(&seed, 2)) {
                model.call[0] = unit_below(&seed, 2) ? wrong : model.call[0];
                uintptr_t *slot = model.call + 2 + unit_below(&seed, 12);
                *slot = *slot == stack_pc(FORM_BP, 2, 0) ? *slot : wrong;
                capture_and_check();
            }
    }
}
END_TEST

/* Rules that no stack has. */
START_TEST(a_slot_below_the_stack)
{
    const uintptr_t pc[] = {stack_below_pc(), stack_same_pc(), stack_down_pc()};
    ck_assert_int_eq(frame_rule(pc[0]).kind, RULE_SP);
    ck_assert_int_eq(frame_rule(pc[0]).bp, 3);
    for (size_t i = 0; i < sizeof pc / sizeof *pc; i++) {
        some_stack();
        lay_and_check();
        model.call[1] = pc[i];
        capture_and_check();
        ck_assert_int_eq(path, STACK_ALONE);
        ck_assert_uint_eq(fresh.walk.frames, 1);
    }
}
END_TEST

/* A BP that is not aligned, and leads back to the stack all the same. */
START_TEST(an_unaligned_bp)
{
    add(FORM_SP, 2, 0);
    add(FORM_BP, 4, 0);
    add(FORM_BP, 40, 0);
    lay_and_expect(STACK_WALKED);
    uintptr_t right = model.call[0], pc = stack_pc(FORM_BP, 2, 0);
    for (unsigned odd = 0; odd < 8; odd += 4) {
        char *slot = (char *)(model.call + 4) + odd;
        memcpy(slot, &right, sizeof right);
        memcpy(slot + 8, &pc, sizeof pc);
        model.call[0] = (uintptr_t)slot;
        capture_and_check();
        ck_assert_int_eq(path, odd ? STACK_ALONE : STACK_JOINED);
        ck_assert_uint_eq(fresh.walk.frames, odd ? 1 : 5);
    }
}
END_TEST

/* --- The stack it is on ----------------------------------------------------------------------- */

START_TEST(a_new_generation)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    lay_and_expect(STACK_JOINED);
    frame_rules_forget(0, 0);
    stack_lay(&model, 0x1111);
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
    lay_and_expect(STACK_WALKED);
    lay_and_expect(STACK_JOINED);
    struct walk w; /* code goes away while the walk is under way */
    REQUIRE(last_stack_lend(&last, &w));
    walk_begin(&w, &model.thread, model.call);
    REQUIRE(walk_on(&w));
    frame_rules_forget(0, 0);
    ck_assert_uint_ne(last_stack_take(&last, &w), 0);
    lay_and_expect(STACK_WALKED);
}
END_TEST

/* Below the begin of the thread's stack, or above its end, nothing is looked at. */
START_TEST(another_stack)
{
    static struct stack_model other;
    stack_init(&other);
    some_stack();
    lay_and_expect(STACK_WALKED);
    memcpy(other.frame, model.frame, sizeof other.frame);
    other.depth = model.depth;
    other.frames_most = model.frames_most;
    stack_lay(&other, 0x1111);
    ck_assert_uint_eq(last_stack_rejoin(&last, other.call), 0);
    struct walk w;
    struct last_stack there;
    last_stack_init(&there);
    REQUIRE(last_stack_lend(&there, &w));
    walk_begin(&w, &other.thread, other.call);
    REQUIRE(walk_on(&w) && last_stack_take(&there, &w));
    ck_assert_uint_ne(last_stack_rejoin(&there, other.call), 0); /* the control */
    ck_assert_uint_eq(last_stack_rejoin(&there, model.call), 0);
    lay_and_expect(STACK_JOINED);

    set_depth(32);
    model.thread.stack_begin = (uintptr_t)(model.call + 1);
    lay_and_expect(STACK_WALKED);
    lay_and_expect(STACK_JOINED);
    add(FORM_SP, 2, 0); /* one more: below the begin */
    stack_lay(&model, 0x1111);
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
    lay_and_expect(STACK_ALONE);
    model.depth--;
    lay_and_expect(STACK_JOINED); /* unharmed */

    model.thread.stack_begin = (uintptr_t)model.word;
    model.thread.stack_end -= 4 * sizeof(uintptr_t);
    set_depth(32);
    model.depth = 3;
    lay_and_expect(STACK_WALKED);
    model.call = (uintptr_t *)model.thread.stack_end - 1; /* base is the end */
    model.call[1] = stack_pc(FORM_SP, 1, 0);
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
}
END_TEST

/* Places are kept in 32 bits: only the topmost four gigabytes of a stack. */
START_TEST(five_gigabytes)
{
    size_t bytes = (size_t)5 << 30;
    char *p = unit_map(bytes);
    model.thread.stack_begin = (uintptr_t)p;
    model.thread.stack_end = (uintptr_t)p + bytes;
    for (int far = 0; far < 4; far++) {
        model.call = (uintptr_t *)(void *)(p + (far % 2 ? 0 : bytes - SYS_PAGE));
        model.call[0] = 0;
        for (int i = 1; i < 10; i++)
            model.call[i] = stack_pc(FORM_SP, 1, 0);
        model.call[10] = stack_end_pc();
        for (int again = 0; again < 2; again++) {
            capture_and_check();
            ck_assert_int_eq(path, far % 2 ? STACK_ALONE : again ? STACK_JOINED : STACK_WALKED);
            ck_assert_uint_eq(fresh.walk.frames, 10);
        }
    }
    munmap(p, bytes);
}
END_TEST

/* A frame that would lead beyond the end of the stack. */
START_TEST(the_end_of_the_stack)
{
    some_stack();
    for (unsigned cut = 1; cut < 40; cut++) {
        set_depth(32);
        lay_and_expect(STACK_WALKED);
        uintptr_t end = model.thread.stack_end;
        model.thread.stack_end = (uintptr_t)(model.word + STACK_WORDS - cut);
        if (model.thread.stack_end > (uintptr_t)(model.call + 2)) {
            last_stack_done(&last);
            capture_and_check();
            capture_and_check();
            model.call[1] = stack_pc(FORM_SP, 9, 7);
            capture_and_check();
        }
        model.thread.stack_end = end;
    }
}
END_TEST

/* --- Memory ----------------------------------------------------------------------------------- */

START_TEST(without_memory)
{
    some_stack();
    lay_and_expect(STACK_WALKED); /* the rules are known from here on */
    last_stack_done(&last);
    for (int i = 0; i < 3; i++) {
        meta_fail_after = 0;
        lay_and_expect(STACK_ALONE);
        ck_assert_uint_eq(last.words, 0);
    }
    meta_fail_after = -1;
    lay_and_expect(STACK_WALKED);
    lay_and_expect(STACK_JOINED);
}
END_TEST

/* No memory for traces: what is new is not known, nothing is lost. */
START_TEST(without_memory_for_traces)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    unit_capture();
    stub_allow_left = 0;
    uintptr_t pc = 0x1000;
    while (trace_intern(&pc, 1))
        pc += 16;
    struct last_stack before = last;
    struct last_word words[64];
    memcpy(words, last.word, last.words * sizeof *words);
    model.frame[5].site = 9;
    stack_lay(&model, 0x1111);
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
    ck_assert(!memcmp(&before, &last, sizeof last));
    ck_assert(!memcmp(words, last.word, last.words * sizeof *words));
    some_stack();
    lay_and_expect(STACK_JOINED);
    struct walk w;
    model.frame[5].site = 9;
    stack_lay(&model, 0x1111);
    REQUIRE(last_stack_lend(&last, &w));
    walk_begin(&w, &model.thread, model.call);
    REQUIRE(walk_on(&w));
    ck_assert_uint_eq(last_stack_take(&last, &w), 0);
    ck_assert_uint_eq(last.words, 1);
    ck_assert_uint_eq(last_stack_rejoin(&last, model.call), 0);
    unit_captured();
    some_stack();
    lay_and_expect(STACK_WALKED);
    stub_allow_left = -1;
}
END_TEST

START_TEST(done_gives_the_memory_back)
{
    some_stack();
    lay_and_expect(STACK_WALKED);
    last_stack_done(&last);
    uintptr_t ready = space.meta.ready;
    for (int round = 0; round < 1000; round++) {
        lay_and_expect(STACK_WALKED);
        last_stack_done(&last);
        ck_assert_uint_eq(last.words, 0);
    }
    ck_assert_uint_eq(space.meta.ready, ready);
}
END_TEST

/* More words than there is room for: whole walks, which find what is right. */
START_TEST(more_words_than_room)
{
    set_depth(8);
    for (unsigned i = 0; i < 20; i++)
        add(FORM_REALIGNED, 4, 0);
    lay_and_expect(STACK_ALONE);
    ck_assert_uint_eq(last.words, 1);
    lay_and_expect(STACK_ALONE);
    set_depth(32); /* as many words as a walk can note, and more with each frame */
    model.depth = 0;
    for (unsigned i = 0; i < 34; i++)
        add(FORM_REALIGNED, 4, 0);
    add(FORM_BP, 2, 0);
    lay_and_expect(STACK_WALKED);
    unsigned paths[4] = {0};
    while (model.depth < 120) {
        add(FORM_BP, 2, 0);
        lay_and_check();
        paths[path]++;
    }
    ck_assert_uint_gt(paths[STACK_JOINED], 20);
    ck_assert_uint_gt(paths[STACK_WALKED], 1);
    ck_assert_uint_gt(paths[STACK_ALONE], 5);
}
END_TEST

Suite *suite_last_stack(void)
{
    Suite *s = suite_create("last_stack");
    TCase *c = unit_case(s, "last_stack");
    tcase_add_checked_fixture(c, joined_setup, NULL);
    tcase_add_test(c, an_empty_one_knows_nothing);
    tcase_add_test(c, the_same_again);
    tcase_add_test(c, each_frame_changes);
    tcase_add_test(c, frames_that_end_a_joining_walk);
    tcase_add_test(c, many_frames_differ);
    tcase_add_test(c, each_word_changes);
    tcase_add_test(c, other_words_do_not_matter);
    tcase_add_test(c, bp_in_the_register);
    tcase_add_test(c, bp_that_nobody_needs);
    tcase_add_test(c, bp_in_another_slot);
    tcase_add_test(c, a_slot_below_the_stack);
    tcase_add_test(c, an_unaligned_bp);
    c = unit_case(s, "last_stack_where");
    tcase_add_checked_fixture(c, joined_setup, NULL);
    tcase_add_test(c, a_new_generation);
    tcase_add_test(c, another_stack);
    tcase_add_test(c, five_gigabytes);
    tcase_add_test(c, the_end_of_the_stack);
    c = unit_case(s, "last_stack_memory");
    tcase_add_checked_fixture(c, joined_setup, NULL);
    tcase_add_test(c, without_memory);
    tcase_add_test(c, without_memory_for_traces);
    tcase_add_test(c, done_gives_the_memory_back);
    tcase_add_test(c, more_words_than_room);
    return s;
}
