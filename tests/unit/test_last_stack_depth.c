/* SPDX-License-Identifier: MIT
 *
 * last_stack.h: stacks that are deeper than asked for, and come and go; a model: random trees of
 * calls, with wild values among the words. */
#include "../../preload/frame_rules.h"
#include "../../preload/options.h"
#include "joined.h"
#include "unit.h"

/* --- Depth ------------------------------------------------------------------------------------ */

static void add_many(unsigned n)
{
    static const struct function_frame some[] = {
        {FORM_SP, 2, 0}, {FORM_BP, 3, 1}, {FORM_SP_BP, 2, 2}, {FORM_SP, 4, 3}, {FORM_BP, 2, 4}};
    while (n-- > 0) {
        model.frame[model.depth] = some[model.depth % 5];
        model.depth++;
    }
}

/* From 300 frames to none and back: a new whole walk now and then, and no more often. */
START_TEST(deeper_than_asked)
{
    static const uint32_t depths[] = {1, 2, 3, 8, 32, 100};
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        unsigned walked[2] = {0};
        set_depth(depths[i]);
        model.depth = 0;
        add_many(STACK_DEPTH);
        lay_and_expect(STACK_WALKED);
        ck_assert(!last.complete);
        while (model.depth > 1) {
            model.depth--;
            lay_and_check();
            walked[0] += path == STACK_WALKED;
        }
        while (model.depth < STACK_DEPTH) {
            add_many(1);
            lay_and_check();
            walked[1] += path == STACK_WALKED;
        }
        unsigned spare =
            depths[i] / 2 + 1; /* frames that a whole walk goes beyond what is asked for */
        REQUIRE_MSG(walked[0] <= STACK_DEPTH / spare &&
                        walked[1] <= STACK_DEPTH / (depths[i] - spare + 1) + 1,
                    "%u: %u %u", depths[i], walked[0], walked[1]);
        REQUIRE_MSG(walked[0] >= STACK_DEPTH / (spare + 2) - depths[i] / spare - 2, "%u: %u",
                    depths[i], walked[0]);
    }
}
END_TEST

/* An outer frame beyond what is asked for changes: that is seen once it is asked for again. */
START_TEST(changes_beyond)
{
    set_depth(8);
    for (unsigned back = 0; back < 30; back++) {
        model.depth = 0;
        add_many(40);
        lay_and_check();
        add_many(2);
        lay_and_expect(STACK_JOINED);
        model.frame[40 - back].site ^= 1; /* or 40, an inner one */
        lay_and_check();
        for (int i = 0; i < 20; i++) {
            model.depth--;
            lay_and_check();
        }
    }
}
END_TEST

/* Where rules end, and libunwind has to go on. */
START_TEST(rules_that_end)
{
    set_depth(8);
    add(FORM_OTHER, 2, 0);
    add_many(7);
    lay_and_expect(STACK_WALKED);
    ck_assert(!last.complete);
    lay_and_expect(STACK_JOINED);
    add_many(3);
    lay_and_expect(STACK_JOINED);
    model.depth -= 3;
    lay_and_expect(STACK_JOINED);
    model.depth--; /* one too few */
    lay_and_expect(STACK_ALONE);
    ck_assert_uint_eq(fresh.walk.frames, 7);
}
END_TEST

/* What is needed ends where the stack does, whatever lay there before. */
START_TEST(needed_is_nothing)
{
    set_depth(1);
    some_stack();
    lay_and_expect(STACK_WALKED);
    memset(last.word + last.words, 0, (last.words_most - last.words) * sizeof *last.word);
    ck_assert_ptr_eq(last_stack_needed(&last), last.word + last.words);
}
END_TEST

/* --- The model -------------------------------------------------------------------------------- */

/* A program that calls and returns at random, sometimes by many frames. */
static void call_and_return(uint64_t *seed, unsigned most, bool other_too)
{
    bool far = unit_below(seed, 16) == 0;
    size_t back = unit_below(seed, far ? 1 + model.depth : 4);
    model.depth -= back < model.depth ? (unsigned)back : model.depth;
    for (size_t n = unit_below(seed, far ? 1 + most / 2 : 4); n && model.depth < most; n--) {
        struct function_frame f = stack_random_frame(seed, other_too && !unit_below(seed, 50));
        if ((f.form == FORM_GUESS || f.form == FORM_REALIGNED) && unit_below(seed, 4))
            f.form = FORM_BP;
        model.frame[model.depth++] = f;
    }
    if (model.depth && unit_below(seed, 4) == 0) {
        size_t near = 1 + unit_below(seed, model.depth < 10 ? model.depth : 10);
        model.frame[model.depth - near].site ^= 1;
    }
}

/* One of the words of the stack, or BP, gets a value that could have been there. */
static void write_wildly(uint64_t *seed)
{
    walk_fresh(&deep, 60);
    size_t i = unit_below(seed, deep.walk.words + 1), n = unit_below(seed, 12);
    uintptr_t *p = i ? (uintptr_t *)(deep.walk.base + deep.word[i - 1].offset) : model.call;
    bool is_return = i && deep.word[i - 1].bp_at != WALK_NO_RETURN;
    struct function_frame f = stack_random_frame(seed, false);
    if (n == 0)
        *p = unit_random(seed) >> 17; /* a trace keeps no more */
    else if (is_return)
        *p = n == 1 ? stack_end_pc() : stack_pc(f.form, f.words, f.site);
    else
        *p = (uintptr_t)(model.call + 2 + unit_below(seed, n < 6 ? 16 : 200));
}

START_TEST(random_trees_of_calls)
{
    static const uint32_t depths[] = {1, 2, 8, 32, 256};
    enum { STEPS = UNIT_TSAN || UNIT_ASAN ? 10000 : 30000 };
    uint64_t seed = unit_seed(8100 + (uint64_t)_i);
    size_t paths[4] = {0};
    unsigned most = _i % 2 ? 40 : STACK_DEPTH;
    set_depth(depths[_i / 2 % 5]);
    if (_i >= 10) { /* with frames of ours */
        walk_own_begin = stack_pc(FORM_SP, 9, 0);
        walk_own_end = walk_own_begin + STACK_SITES;
    }
    for (int step = 0; step < STEPS; step++) {
        call_and_return(&seed, most, true);
        if (unit_below(&seed, 1000) == 0)
            frame_rules_forget(0, 0);
        stack_lay(&model, unit_random(&seed) >> 17);
        for (size_t n = unit_below(&seed, 8) ? 0 : unit_below(&seed, 3); n > 0; n--)
            write_wildly(&seed);
        capture_and_check();
        paths[path]++;
    }
    ck_assert_uint_gt(paths[STACK_JOINED], options.stack_depth > 1 ? STEPS / 5 : STEPS / 20);
    ck_assert_uint_gt(paths[STACK_WALKED], STEPS / 20);
}
END_TEST

Suite *suite_last_stack_depth(void)
{
    Suite *s = suite_create("last_stack_depth");
    TCase *c = unit_case(s, "last_stack_depth");
    tcase_add_checked_fixture(c, joined_setup, NULL);
    tcase_add_test(c, deeper_than_asked);
    tcase_add_test(c, changes_beyond);
    tcase_add_test(c, rules_that_end);
    tcase_add_test(c, needed_is_nothing);
    c = unit_case(s, "last_stack_model");
    tcase_add_checked_fixture(c, joined_setup, NULL);
    tcase_add_loop_test(c, random_trees_of_calls, 0, 20);
    return s;
}
