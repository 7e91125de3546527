/* SPDX-License-Identifier: MIT
 *
 * Owns the made-up stacks of stacks.h. */
#include "stacks.h"

#include "../../preload/options.h"
#include "../../preload/trace.h"
#include "unit.h"

/* Functions of 32 bytes, each with one rule. */
#define FUNCTION(name, directives)                                                                 \
    extern const char name[] __attribute__((visibility("hidden")));                                \
    __asm__(".text\n" #name ":\n.cfi_startproc\n" directives "\n.skip 32, 0x90\n.cfi_endproc\n")

FUNCTION(stack_sp_1, "");
FUNCTION(stack_sp_2, ".cfi_def_cfa_offset 16");
FUNCTION(stack_sp_4, ".cfi_def_cfa_offset 32");
FUNCTION(stack_sp_9, ".cfi_def_cfa_offset 72");
FUNCTION(stack_sp_bp_2, ".cfi_def_cfa_offset 16\n.cfi_offset 6, -16");
FUNCTION(stack_sp_bp_5, ".cfi_def_cfa_offset 40\n.cfi_offset 6, -16");
FUNCTION(stack_bp, ".cfi_def_cfa 6, 16\n.cfi_offset 6, -16");
FUNCTION(stack_realigned, ".cfi_escape 0x0f,3,0x76,0x78,6\n.cfi_escape 0x10,6,2,0x76,0");
FUNCTION(stack_other, ".cfi_def_cfa 10, 0");
FUNCTION(stack_end, ".cfi_undefined 16");
FUNCTION(stack_same, ".cfi_def_cfa_offset 0");
FUNCTION(stack_down, ".cfi_def_cfa_offset -8");
FUNCTION(stack_below, ".cfi_offset 6, -24");

static uintptr_t pc_in(const char *function, unsigned site)
{
    return (uintptr_t)function + 1 + site;
}

uintptr_t stack_pc(enum form form, unsigned words, unsigned site)
{
    switch (form) {
    case FORM_SP:
        return pc_in(words == 1   ? stack_sp_1
                     : words == 2 ? stack_sp_2
                     : words == 4 ? stack_sp_4
                                  : stack_sp_9,
                     site);
    case FORM_SP_BP:
        return pc_in(words == 2 ? stack_sp_bp_2 : stack_sp_bp_5, site);
    case FORM_BP:
        return pc_in(stack_bp, site);
    case FORM_REALIGNED:
        return pc_in(stack_realigned, site);
    case FORM_GUESS:
        return 0x10000 + site;
    default:
        return pc_in(stack_other, site);
    }
}

uintptr_t stack_end_pc(void)
{
    return pc_in(stack_end, 0);
}

uintptr_t stack_same_pc(void)
{
    return pc_in(stack_same, 0);
}

uintptr_t stack_down_pc(void)
{
    return pc_in(stack_down, 0);
}

uintptr_t stack_below_pc(void)
{
    return pc_in(stack_below, 0);
}

void stack_init(struct stack_model *m)
{
    memset(m, 0, sizeof *m);
    m->thread.stack_begin = (uintptr_t)m->word;
    m->thread.stack_end = (uintptr_t)(m->word + STACK_WORDS);
    m->frames_most = 256;
}

struct function_frame stack_random_frame(uint64_t *seed, bool other_too)
{
    static const unsigned sp[] = {1, 2, 4, 9}, sp_bp[] = {2, 5};
    enum form form = unit_below(seed, other_too ? FORM_COUNT : FORM_OTHER);
    unsigned words = 3 + (unsigned)unit_below(seed, 3);
    if (form == FORM_SP)
        words = sp[unit_below(seed, 4)];
    if (form == FORM_SP_BP)
        words = sp_bp[unit_below(seed, 2)];
    return (struct function_frame){form, words, (unsigned)unit_below(seed, 2)};
}

/* --- Laying ----------------------------------------------------------------------------------- */

static uint32_t offset_of(const struct stack_model *m, const uintptr_t *at)
{
    return (uint32_t)((uintptr_t)at - (uintptr_t)(m->call + 1));
}

static void note(struct stack_model *m, const uintptr_t *at, uint32_t bp_at)
{
    m->note[m->notes++] = (struct walk_word){*at, offset_of(m, at), bp_at};
}

/* The walk has to look at BP, which is in there. */
static void note_bp(struct stack_model *m, const uintptr_t *bp_place)
{
    if (bp_place == m->call)
        m->uses_bp = true;
    else
        note(m, bp_place, WALK_NO_RETURN);
}

/* Lays one frame at sp; where the caller's BP is afterwards. */
static uintptr_t *lay_frame(struct stack_model *m, const struct function_frame *f, uintptr_t *sp,
                            uintptr_t *bp_place, uintptr_t next_pc)
{
    uintptr_t *cfa = sp + f->words;
    cfa[-1] = next_pc;
    if (f->form == FORM_BP || f->form == FORM_GUESS) {
        *bp_place = (uintptr_t)(cfa - 2);
        note_bp(m, bp_place);
        bp_place = cfa - 2;
    } else if (f->form == FORM_REALIGNED) {
        *bp_place = (uintptr_t)(cfa - 2);
        cfa[-3] = (uintptr_t)cfa;
        note_bp(m, bp_place);
        note(m, cfa - 3, WALK_NO_RETURN);
        bp_place = cfa - 2;
    } else if (f->form == FORM_SP_BP) {
        bp_place = cfa - 2;
    }
    note(m, cfa - 1, bp_place == m->call ? WALK_IN_REGISTER : offset_of(m, bp_place));
    return bp_place;
}

void stack_lay(struct stack_model *m, uintptr_t bp)
{
    uintptr_t *sp = m->word + STACK_WORDS - 4;
    for (unsigned i = 0; i < m->depth; i++)
        sp -= m->frame[i].words;
    m->call = sp - 2;
    m->frames = m->notes = 0;
    m->whole = true;
    m->uses_bp = false;
    uintptr_t *bp_place = m->call;
    *bp_place = bp;
    for (unsigned i = m->depth;; i--) {
        const struct function_frame *f = i ? &m->frame[i - 1] : NULL;
        uintptr_t pc = f ? stack_pc(f->form, f->words, f->site) : stack_end_pc();
        sp[-1] = pc;
        m->pc[m->frames++] = pc;
        if (f && f->form == FORM_OTHER && m->frames < m->frames_most)
            m->whole = false;
        if (!f || f->form == FORM_OTHER || m->frames == m->frames_most)
            break;
        const struct function_frame *next = i > 1 ? &m->frame[i - 2] : NULL;
        bp_place = lay_frame(m, f, sp, bp_place,
                             next ? stack_pc(next->form, next->words, next->site) : stack_end_pc());
        if (bp_place != m->call)
            *bp_place = bp;
        sp += f->words;
    }
}

bool stack_is_found(const struct stack_model *m, const struct walk *w)
{
    return w->frames == m->frames && !memcmp(w->frame, m->pc, m->frames * sizeof *m->pc);
}

/* The model notes a slot of BP before what it is set to is known: values are looked up again. */
bool stack_is_noted(const struct stack_model *m, const struct walk *w)
{
    if (w->words != m->notes || w->uses_bp != m->uses_bp)
        return false;
    for (size_t i = 0; i < m->notes; i++) {
        const struct walk_word *a = &m->note[i], *b = &w->word[i];
        if (a->offset != b->offset || a->bp_at != b->bp_at || a->value != b->value ||
            b->value != *(const uintptr_t *)((uintptr_t)(m->call + 1) + b->offset))
            return false;
    }
    return true;
}

void stack_walk_init(struct stack_walk *w, size_t frames_most)
{
    w->walk = (struct walk){.frame = w->pc,
                            .frames_most = frames_most,
                            .word = w->word,
                            .words_most = walk_words_most(frames_most)};
}

/* --- Capturing -------------------------------------------------------------------------------- */

static uint32_t capture_alone(struct stack_model *m, enum stack_path *ret)
{
    struct stack_walk alone;
    stack_walk_init(&alone, options.stack_depth);
    walk_begin(&alone.walk, &m->thread, m->call);
    walk_on(&alone.walk);
    *ret = STACK_ALONE;
    return trace_intern(alone.walk.frame, alone.walk.frames);
}

uint32_t stack_capture(struct stack_model *m, struct last_stack *last, enum stack_path *ret)
{
    uint32_t trace = last_stack_rejoin(last, m->call);
    struct walk w;
    *ret = STACK_JOINED;
    if (trace)
        return trace;
    if (!last_stack_lend(last, &w))
        return capture_alone(m, ret);
    walk_begin(&w, &m->thread, m->call);
    if (!w.own_stack)
        return capture_alone(m, ret);
    bool whole = walk_on(&w);
    REQUIRE(whole == (m->whole || w.frames == w.frames_most));
    *ret = STACK_ALONE;
    if (!whole && w.frames < options.stack_depth)
        return trace_intern(w.frame, w.frames); /* libunwind may try */
    if (!whole)
        w.frames_most = w.frames;
    trace = last_stack_take(last, &w);
    if (!trace || last->words < 2)
        return trace_intern(w.frame, w.frames);
    *ret = STACK_WALKED;
    return trace;
}

bool stack_is_shown(const struct stack_model *m, uint32_t trace)
{
    const struct unit_trace *t = unit_trace(trace_cut(trace, options.stack_depth));
    size_t frames = m->frames < options.stack_depth ? m->frames : options.stack_depth;
    return t && t->frames == frames && !memcmp(t->pc, m->pc, frames * sizeof *t->pc);
}
