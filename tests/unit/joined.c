/* SPDX-License-Identifier: MIT
 *
 * Owns what joined.h offers. */
#include "joined.h"

#include "../../preload/options.h"
#include "../../preload/trace.h"
#include "unit.h"

struct stack_model model;
struct stack_walk fresh, deep;
struct last_stack last;
enum stack_path path;

void set_depth(uint32_t depth)
{
    last_stack_done(&last);
    options.stack_depth = depth;
}

void joined_setup(void)
{
    unit_alive();
    stack_init(&model);
    model.frames_most = STACK_DEPTH + 1;
    last_stack_init(&last);
    set_depth(32);
}

bool walk_fresh(struct stack_walk *w, size_t frames)
{
    stack_walk_init(w, frames);
    walk_begin(&w->walk, &model.thread, model.call);
    return walk_on(&w->walk);
}

/* --- What has to hold ------------------------------------------------------------------------- */

/* last_stack.c, invariant 2. */
static void check_words(void)
{
    const struct last_word *outer = last.word;
    REQUIRE(last.words >= 2 && last.words <= last.words_most);
    REQUIRE(outer->at == UINT32_MAX && !outer->is_return && !outer->trace && !outer->depth);
    for (const struct last_word *w = last.word + 1; w < last.word + last.words; w++) {
        REQUIRE(w->depth >= w[-1].depth);
        if (!w->is_return)
            continue;
        uint32_t trace = w->trace;
        struct trace_frame f;
        if (walk_is_ours(w->value)) {
            REQUIRE(trace == outer->trace && w->depth == outer->depth);
        } else {
            REQUIRE(trace_next(&trace, &f) && f.pc == w->value);
            REQUIRE(trace == outer->trace && w->depth == outer->depth + 1);
        }
        outer = w;
    }
    REQUIRE(last.depth == outer->depth);
    REQUIRE(last.depth + (walk_is_ours(model.call[1]) ? 0u : 1u) <= 2 * options.stack_depth);
    REQUIRE(last.first_bp == model.call[0]);
}

/* The words that are needed are those that a fresh walk of as many frames has noted; and those that tell
 * that the stack ends there, where it is just as long. */
static void check_needed(void)
{
    const struct last_word *top = last.word + last.words - 1, *end = last_stack_needed(&last);
    const struct walk *w = &fresh.walk;
    if (!w->repeatable || walk_is_ours(w->first_pc))
        return;
    size_t needed = top >= end ? (size_t)(top - end) + 1 : 0;
    bool just_as_long = last.depth == options.stack_depth - 1;
    REQUIRE(end > last.word);
    REQUIRE_MSG(w->words == needed || (just_as_long && w->words < needed), "%zu, not %zu", needed,
                w->words);
    for (size_t i = 0; i < w->words; i++, top--) {
        uint32_t base_at = (uint32_t)(w->base - last.low);
        const struct walk_word *word = &w->word[i];
        REQUIRE(top->value == word->value && top->at == base_at + word->offset);
        REQUIRE(top->is_return == (word->bp_at != WALK_NO_RETURN && word->value));
        if (top->is_return && top->needs_bp)
            REQUIRE(top->bp_at == (word->bp_at ? base_at + word->bp_at : 0));
    }
    REQUIRE(last.uses_bp || !w->uses_bp);
}

void capture_and_check(void)
{
    model.whole = walk_fresh(&deep, STACK_WALK_MOST);
    walk_fresh(&fresh, options.stack_depth);
    uint32_t id = stack_capture(&model, &last, &path);
    const struct unit_trace *t = unit_trace(trace_cut(id, options.stack_depth));
    size_t frames = t ? t->frames : 0;
    REQUIRE_MSG(frames == fresh.walk.frames, "path %d: %zu frames, not %zu", path, frames,
                fresh.walk.frames);
    REQUIRE_MSG(!frames || !memcmp(t->pc, fresh.pc, frames * sizeof *t->pc), "path %d", path);
    if (path == STACK_ALONE)
        return;
    check_words();
    check_needed();
}

void lay_and_check(void)
{
    stack_lay(&model, 0x1111);
    capture_and_check();
    size_t frames = model.frames < options.stack_depth ? model.frames : options.stack_depth;
    REQUIRE(fresh.walk.frames == frames && !memcmp(fresh.pc, model.pc, frames * sizeof *model.pc));
}

void lay_and_expect(enum stack_path expected)
{
    lay_and_check();
    REQUIRE_MSG(path == expected, "path %d", path);
}

void add(enum form form, unsigned words, unsigned site)
{
    model.frame[model.depth++] = (struct function_frame){form, words, site};
}

void some_stack(void)
{
    model.depth = 0;
    add(FORM_SP, 9, 0);
    add(FORM_BP, 4, 0);
    add(FORM_SP, 2, 0);
    add(FORM_SP_BP, 5, 0);
    add(FORM_BP, 6, 0);
    add(FORM_BP, 3, 0);
    add(FORM_SP, 4, 0);
    add(FORM_SP_BP, 2, 0);
    add(FORM_SP, 1, 0);
}
