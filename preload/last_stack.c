/* SPDX-License-Identifier: MIT
 *
 * Owns the last walked call stack of a thread (last_stack.h).
 *
 *   word:  | nowhere | main's caller | main | f | BP that f needed | g | h |       outermost first
 *   now:                               main   f                      g   x   malloc
 *                                                                    ^ a walk from malloc meets g here
 *
 * The idea: two allocations of a thread that follow one another differ in about three inner frames,
 * whatever their depth (measured: interpreters, tree builders, compilers). A walk that comes to a return
 * address at the same place and with the same value as before would go on as before, if BP is the
 * same or does not matter and the words further out hold what they held. To compare these costs a
 * nanosecond each; to walk them and to find their trace, ten times that.
 *
 * How deep: options.stack_depth frames are wanted, and only so many are proven. A trace goes on beyond
 * these, to the frame that was the outermost when a stack was last walked whole; so inner frames
 * come and go without new traces for all the others. What lies beyond is a name only, and never
 * shown (trace_cut).
 *
 * Invariants: 1. words are in the order of the walk, reversed. 2. trace and depth of a return address
 * are those of the one before, and one frame more unless it is a frame of ours. 3. places of words
 * that are read are at or above the walk's base: of return addresses because the walk has come to one
 * below; of a saved BP, because it is where the walk's BP is (needs_bp), or was saved further out.
 *
 * Runs in malloc, by the owning thread, without locks. */
#include "last_stack.h"

#include "frame_rules.h"
#include "meta.h"
#include "options.h"
#include "sys.h"
#include "trace.h"
#include "walk.h"

enum { STEPS_MOST = 24 }; /* more that differ: rather all of it */

/* How a walk came from one return address to the next one. */
struct step {
    uint32_t at, bp_at; /* of the next one */
    uint32_t bp_read;   /* where the BP was that was needed for it */
    bool used_bp;       /* one was; bp_read 0: as it was at the call */
};

void last_stack_init(struct last_stack *s)
{
    *s = (struct last_stack){.words = 0};
}

/* How many frames are kept, and how many a whole walk goes: so much may come and go before that has
 * to be done again. */
static size_t frames_most(void)
{
    return 2 * options.stack_depth;
}

static size_t walk_most(void)
{
    return options.stack_depth + options.stack_depth / 2 + 1;
}

/* One piece of memory for all. */
struct parts {
    size_t words, frame, noted; /* bytes */
};

static struct parts parts(void)
{
    return (struct parts){
        .words = (walk_words_most(frames_most()) + 1) * sizeof(struct last_word),
        .frame = walk_most() * sizeof(uintptr_t),
        .noted = walk_words_most(walk_most()) * sizeof(struct walk_word),
    };
}

static size_t bytes_of(struct parts p)
{
    return p.words + p.frame + p.noted;
}

void last_stack_done(struct last_stack *s)
{
    struct last_stack old = *s;
    last_stack_init(s);
    if (old.words)
        meta_free(old.word, bytes_of(parts()));
}

static bool open(struct last_stack *s)
{
    struct parts p = parts();
    char *memory = meta_alloc(bytes_of(p));
    if (!memory)
        return false;
    s->word = (struct last_word *)(void *)memory;
    s->frame = (uintptr_t *)(void *)(memory + p.words);
    s->noted = (struct walk_word *)(void *)(memory + p.words + p.frame);
    s->word[0] = (struct last_word){.at = UINT32_MAX};
    s->words_most = (uint32_t)(p.words / sizeof(struct last_word));
    s->words = 1;
    return true;
}

bool last_stack_lend(struct last_stack *s, struct walk *w)
{
    if (unlikely(!s->words && !open(s)))
        return false;
    s->walk_generation = __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED);
    w->frame = s->frame;
    w->word = s->noted;
    w->frames_most = walk_most();
    w->words_most = walk_words_most(w->frames_most);
    return true;
}

/* --- What is kept ----------------------------------------------------------------------------- */

/* The outermost of the words that all frames but the `not_needed` outermost depend on, or the place
 * after the last one. */
static const struct last_word *outermost(const struct last_stack *s, size_t not_needed)
{
    const struct last_word *p = s->word + 1 + not_needed; /* by 2. */
    while (not_needed && p < s->word + s->words && p->depth <= not_needed)
        p++;
    return p;
}

const struct last_word *last_stack_needed(const struct last_stack *s)
{
    size_t wanted = options.stack_depth - 1; /* the innermost is no word */
    return outermost(s, s->depth > wanted ? s->depth - wanted : 0);
}

/* A word that is no return address, and led to the one on top. */
static void push_word(struct last_stack *s, uintptr_t value, uint32_t at)
{
    uint16_t depth = s->word[s->words - 1].depth;
    s->word[s->words++] = (struct last_word){.value = value, .at = at, .depth = depth ? depth : 1};
}

/* A return address, called by the frames that `outer` stands for. */
static struct last_word *push_return(struct last_stack *s, const struct last_word *outer,
                                     uintptr_t pc, uint32_t at, uint32_t bp_at, bool needs_bp)
{
    struct last_word *w = &s->word[s->words++];
    w->value = pc;
    w->at = at;
    w->bp_at = bp_at;
    w->is_return = pc != 0;
    w->needs_bp = needs_bp || (outer->needs_bp && bp_at == outer->bp_at);
    w->trace = outer->trace;
    w->depth = outer->depth;
    return w;
}

/* --- A whole walk ----------------------------------------------------------------------------- */

uint32_t last_stack_take(struct last_stack *s, const struct walk *w)
{
    uint32_t trace[w->frames + 1];
    bool known = trace_extend(0, w->frame, w->frames, trace);
    const struct last_word *outer = s->word;
    size_t frame = w->frames;
    bool used = false; /* BP, since `outer` */
    s->words = 1;
    s->low = w->stack_end - ((uintptr_t)1 << 32);
    if (!known || !w->frames || !w->repeatable || w->base < s->low || w->words >= s->words_most)
        return known && w->frames ? trace[0] : 0;
    uint32_t base = (uint32_t)(w->base - s->low);
    for (size_t i = w->words; i-- > 0;) {
        const struct walk_word *word = &w->word[i];
        if (word->bp_at == WALK_NO_RETURN) {
            push_word(s, word->value, base + word->offset);
            used = true;
            continue;
        }
        bool in_register = word->bp_at == WALK_IN_REGISTER;
        struct last_word *top =
            push_return(s, outer, word->value, base + word->offset,
                        in_register ? 0 : base + word->bp_at, used || (in_register && w->uses_bp));
        if (word->value && !walk_is_ours(word->value)) {
            top->trace = trace[--frame];
            top->depth++;
        }
        outer = top;
        used = false;
    }
    s->depth = outer->depth;
    s->complete = w->frames < w->frames_most;
    s->generation = s->walk_generation;
    s->stack_begin = w->own_begin;
    s->uses_bp = w->uses_bp;
    s->first_bp = w->first_bp;
    return trace[0];
}

/* --- The frames that differ ------------------------------------------------------------------- */

/* The first of the words below `p`, down to `end`, that is not what it was; end - 1: all are. */
static const struct last_word *compare(const struct last_word *p, const struct last_word *end,
                                       uintptr_t low)
{
#define HOLDS(i) (*(const uintptr_t *)(low + p[-(i)].at) == p[-(i)].value)
    for (; p - end >= 4; p -= 4)
        if (!HOLDS(1) || !HOLDS(2) || !HOLDS(3) || !HOLDS(4))
            break;
    while (p > end && HOLDS(1))
        p--;
#undef HOLDS
    return p - 1;
}

/* Whether a walk that has come to *k after `frames` others can end there; if not, *k is moved to where they
 * may meet again. */
static bool joins(const struct last_stack *s, const struct last_word **k, size_t frames,
                  bool same_bp)
{
    size_t depth = (*k)->depth;
    size_t wanted = options.stack_depth > frames ? options.stack_depth - frames : 0;
    if (!(*k)->is_return || ((*k)->needs_bp && !same_bp))
        return false;
    if ((depth < wanted && !s->complete) || depth + frames > frames_most()) {
        *k = s->word;
        return false;
    }
    const struct last_word *end = outermost(s, depth > wanted ? depth - wanted : 0);
    const struct last_word *changed = compare(*k, end, s->low);
    if (likely(changed < end))
        return true;
    *k = changed - 1;
    return false;
}

/* What a walk has found that has come to *meet. pc: [steps + 1], from the call of malloc on; the step
 * after the last of them leads there. */
struct difference {
    const struct last_word *meet;
    size_t steps;
    uintptr_t pc[STEPS_MOST + 1];
    struct step step[STEPS_MOST];
};

static bool find_difference(const struct last_stack *s, const uintptr_t *frame,
                            struct difference *d)
{
    uintptr_t low = s->low, base = (uintptr_t)(frame + 1), pc = frame[1];
    uint64_t sp = base - low + sizeof(uintptr_t);
    const struct last_word *meet = &s->word[s->words - 1];
    bool same_register = frame[0] == s->first_bp;
    uint32_t bp_at = 0;
    for (size_t i = 0; i < STEPS_MOST; i++) {
        struct rule rule = frame_rule(pc);
        uint64_t cfa = sp + (uint64_t)(int64_t)rule.cfa;
        d->pc[i] = pc;
        d->step[i].used_bp = rule.kind != RULE_SP;
        d->step[i].bp_read = bp_at;
        if (unlikely(rule.kind != RULE_SP)) {
            if (rule.kind != RULE_BP)
                return false;
            uintptr_t bp = bp_at ? *(const uintptr_t *)(low + bp_at) : frame[0];
            cfa = bp - low + (uint64_t)(int64_t)rule.cfa;
        }
        if (unlikely(cfa <= sp || cfa > (uint64_t)1 << 32 || cfa % sizeof(uintptr_t) ||
                     cfa - (base - low) < 8 * (uint64_t)(int64_t)rule.bp || walk_is_ours(pc)))
            return false;
        sp = cfa;
        bp_at = rule.bp ? (uint32_t)cfa - 8 * (uint32_t)rule.bp : bp_at;
        uint32_t at = (uint32_t)(cfa - sizeof(uintptr_t));
        d->step[i].at = at;
        d->step[i].bp_at = bp_at;
        pc = *(const uintptr_t *)(low + at);
        while (meet->at < at)
            meet--;
        if (meet->at == at && meet->value == pc &&
            joins(s, &meet, i + 1, bp_at == meet->bp_at && (bp_at || same_register))) {
            d->meet = meet;
            d->steps = i;
            return true;
        }
    }
    return false;
}

uint32_t last_stack_rejoin(struct last_stack *s, const uintptr_t *frame)
{
    uintptr_t base = (uintptr_t)(frame + 1);
    struct difference d;
    uint32_t trace[STEPS_MOST + 1];
    if (s->words < 2 || base < s->stack_begin || (base - s->low) >> 32 ||
        s->generation != __atomic_load_n(&frame_rules_generation, __ATOMIC_RELAXED) ||
        !find_difference(s, frame, &d))
        return 0;
    struct last_word *outer = s->word + (d.meet - s->word);
    const struct step *step = &d.step[d.steps];
    if ((size_t)(outer - s->word) + 2 * d.steps + 2 > s->words_most ||
        !trace_extend(outer->trace, d.pc, d.steps + 1, trace))
        return 0;
    outer->bp_at = step->bp_at;
    s->words = (uint32_t)(outer - s->word) + 1;
    for (size_t i = d.steps; i > 0; i--, step--) {
        if (unlikely(step->used_bp && step->bp_read))
            push_word(s, *(const uintptr_t *)(s->low + step->bp_read), step->bp_read);
        outer = push_return(s, outer, d.pc[i], step[-1].at, step[-1].bp_at, step->used_bp);
        outer->trace = trace[i];
        outer->depth++;
    }
    s->depth = outer->depth;
    s->uses_bp = step->used_bp || (!outer->bp_at && outer->needs_bp);
    s->first_bp = frame[0];
    return trace[0];
}
