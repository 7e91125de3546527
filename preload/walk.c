/* SPDX-License-Identifier: MIT
 *
 * Owns the walk over a call stack (walk.h).
 *
 *   base ->  | return address of malloc | frame of its caller ... | return address | frame ...
 *            offset 0                    sp                       CFA - 8          CFA = next sp
 *
 * The idea: with the rule of each return address (frame_rules.c) a step is one look-up and one or two
 * reads. The result depends on the return addresses, on the saved BPs that a CFA was reckoned from, and
 * on nothing else; these words are noted, so that a cache can prove later that it still holds.
 *
 * A step goes upwards, and stays on the stack: on the thread's own stack that is a comparison, on
 * any other (coroutine, signal stack) the kernel is asked before a page is read the first time.
 *
 * Runs in malloc, without locks. */
#include "walk.h"

#include "frame_rules.h"
#include "sys.h"
#include "thread.h"

/* As libunwind's guess: a frame pointer that is further away is no frame pointer. */
enum { GUESS_MOST = 0x4000 };

extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));
uintptr_t walk_own_begin, walk_own_end;

void walk_init(void)
{
    walk_own_begin = (uintptr_t)__ehdr_start;
    walk_own_end = (uintptr_t)_end;
}

void walk_add_frame(struct walk *w, uintptr_t pc)
{
    if (!walk_is_ours(pc) && w->frames < w->frames_most)
        w->frame[w->frames++] = pc;
}

void walk_begin(struct walk *w, const struct thread *self, const uintptr_t *frame)
{
    w->base = (uintptr_t)(frame + 1);
    w->first_bp = frame[0];
    w->first_pc = w->pc = frame[1];
    w->sp = (uintptr_t)(frame + 2);
    w->bp_at = WALK_IN_REGISTER;
    w->frames = w->words = 0;
    w->uses_bp = false;
    w->own_stack = thread_own_stack(self, w->sp, &w->own_begin, &w->stack_end);
    w->repeatable = w->own_stack;
    w->stack_begin = w->base;
    if (!w->own_stack)
        w->stack_end = (w->base | (SYS_PAGE - 1)) + 1; /* known to be there */
    walk_add_frame(w, w->pc);
}

/* Whether the word of the stack can be read. */
static bool is_readable(struct walk *w, uintptr_t at)
{
    uint64_t copy;
    if (at < w->base || at % sizeof copy)
        return false;
    if (likely(at >= w->stack_begin && at < w->stack_end))
        return true;
    if (w->own_stack || sys_peek(&copy, (void *)at, sizeof copy) != sizeof copy)
        return false;
    if (at - w->stack_end >= SYS_PAGE)
        w->stack_begin = at & ~(uintptr_t)(SYS_PAGE - 1);
    w->stack_end = (at | (SYS_PAGE - 1)) + 1;
    return true;
}

static void note(struct walk *w, uintptr_t at, uintptr_t value, uint32_t bp_at)
{
    size_t offset = at - w->base;
    if (w->words == w->words_most || offset > UINT32_MAX) {
        w->repeatable = false;
        return;
    }
    w->word[w->words++] =
        (struct walk_word){.value = value, .offset = (uint32_t)offset, .bp_at = bp_at};
}

/* The present BP, as something that the result depends on. */
static uintptr_t take_bp(struct walk *w)
{
    if (w->bp_at == WALK_IN_REGISTER) {
        w->uses_bp = true;
        return w->first_bp;
    }
    uintptr_t at = w->base + w->bp_at;
    uintptr_t bp = *(const uintptr_t *)at;
    note(w, at, bp, WALK_NO_RETURN);
    return bp;
}

static bool set_bp_at(struct walk *w, uintptr_t at)
{
    if (!is_readable(w, at) || at - w->base > UINT32_MAX)
        return false;
    w->bp_at = (uint32_t)(at - w->base);
    return true;
}

/* The CFA by a rule; 0: the stack is not what the rule takes it for. */
static uintptr_t cfa_of(struct walk *w, struct rule rule)
{
    uintptr_t offset = (uintptr_t)(intptr_t)rule.cfa;
    uintptr_t bp;
    switch (rule.kind) {
    case RULE_SP:
        return w->sp + offset;
    case RULE_BP:
        return take_bp(w) + offset;
    case RULE_REALIGNED:
        bp = take_bp(w);
        if (!is_readable(w, bp + offset))
            return 0;
        uintptr_t cfa = *(const uintptr_t *)(bp + offset);
        note(w, bp + offset, cfa, WALK_NO_RETURN);
        return cfa;
    default: /* RULE_GUESS */
        bp = take_bp(w);
        return bp >= w->sp && bp - w->sp <= GUESS_MOST ? bp + 16 : 0;
    }
}

/* Where the rule says that BP was saved; 0: it was not. */
static uintptr_t bp_slot(struct rule rule, uintptr_t cfa, uintptr_t old_bp)
{
    if (rule.kind == RULE_REALIGNED)
        return old_bp + (uintptr_t)(8 * (intptr_t)rule.bp);
    if (rule.kind == RULE_GUESS)
        return cfa - 16;
    return rule.bp ? cfa - (uintptr_t)(8 * (intptr_t)rule.bp) : 0;
}

static uintptr_t bp_value(const struct walk *w)
{
    return w->bp_at == WALK_IN_REGISTER ? w->first_bp : *(const uintptr_t *)(w->base + w->bp_at);
}

/* As long as the rules are the most common one, CFA = SP + constant: no more than that takes. */
static void walk_plain(struct walk *w)
{
    uintptr_t base = w->base, begin = w->stack_begin, end = w->stack_end, sp = w->sp, pc = w->pc;
    uint32_t bp_at = w->bp_at;
    struct walk_word *word = w->word + w->words;
    const struct walk_word *words_end = w->word + w->words_most;
    uintptr_t *frame = w->frame + w->frames;
    const uintptr_t *frames_end = w->frame + w->frames_most;
    while (frame < frames_end) {
        struct rule rule = frame_rule(pc);
        uintptr_t cfa = sp + (uintptr_t)(intptr_t)rule.cfa;
        if (rule.kind != RULE_SP || cfa <= sp || cfa > end || sp < begin || word == words_end ||
            cfa - base > UINT32_MAX || rule.bp < 0 || cfa - begin < 8 * (uintptr_t)rule.bp ||
            !(pc = *(const uintptr_t *)(cfa - 8)))
            break;
        sp = cfa;
        if (rule.bp)
            bp_at = (uint32_t)(cfa - base) - 8 * (uint32_t)rule.bp;
        *word++ = (struct walk_word){pc, (uint32_t)(cfa - 8 - base), bp_at};
        *frame = pc;
        frame += !walk_is_ours(pc);
        w->pc = pc;
    }
    w->sp = sp;
    w->bp_at = bp_at;
    w->words = (size_t)(word - w->word);
    w->frames = (size_t)(frame - w->frame);
}

bool walk_on(struct walk *w)
{
    for (;;) {
        walk_plain(w);
        if (w->frames == w->frames_most)
            return true;
        struct rule rule = frame_rule(w->pc);
        if (rule.kind == RULE_END)
            return true;
        if (rule.kind == RULE_OTHER)
            return false;
        uintptr_t old_bp = rule.kind == RULE_REALIGNED ? bp_value(w) : 0;
        uintptr_t cfa = cfa_of(w, rule);
        uintptr_t bp_at = bp_slot(rule, cfa, old_bp);
        if (cfa <= w->sp || !is_readable(w, cfa - 8) || (bp_at && !set_bp_at(w, bp_at)))
            return rule.kind == RULE_GUESS; /* a wrong guess: the stack ends here */
        w->pc = *(const uintptr_t *)(cfa - 8);
        w->sp = cfa;
        note(w, cfa - 8, w->pc, w->bp_at);
        if (!w->pc)
            return true;
        walk_add_frame(w, w->pc);
    }
}
