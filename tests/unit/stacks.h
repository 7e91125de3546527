/* SPDX-License-Identifier: MIT
 *
 * Made-up call stacks in memory, of functions whose frame rules are known (they are written with
 * .cfi directives, and never run), with what a walk has to find. For test_walk.c,
 * test_last_stack.c and test_stack_cache.c. */
#ifndef LEAKGC_UNIT_STACKS_H
#define LEAKGC_UNIT_STACKS_H

#include "../../preload/last_stack.h"
#include "../../preload/thread.h"
#include "../../preload/walk.h"

enum form {
    FORM_SP,        /* CFA = SP + 8 * words; words: 1, 2, 4, 9 */
    FORM_SP_BP,     /* the same, with BP saved below the return address; words: 2, 5 */
    FORM_BP,        /* CFA = BP + 16; words: 2 or more */
    FORM_REALIGNED, /* CFA = word at BP - 8; words: 3 or more */
    FORM_GUESS,     /* code in no module: as FORM_BP */
    FORM_OTHER,     /* the walk ends */
    FORM_COUNT,
};
enum { STACK_WORDS = 8192, STACK_DEPTH = 300, STACK_SITES = 16, STACK_WALK_MOST = 512 };

/* A function on the stack: what it keeps there, return address included, and from where in it the
 * next inner function was called. */
struct function_frame {
    enum form form;
    unsigned words, site;
};

struct stack_model {
    struct thread thread; /* whose own stack it is */
    uintptr_t word[STACK_WORDS];
    unsigned depth;
    struct function_frame frame[STACK_DEPTH]; /* outermost first */

    /* What a walk of at most `frames_most` frames has to find. */
    uintptr_t *call; /* as CAPTURE_FRAME */
    uintptr_t pc[STACK_DEPTH + 1];
    struct walk_word note[3 * STACK_DEPTH];
    size_t frames, notes, frames_most;
    bool whole, uses_bp;
};

/* A return address of the form; end_pc: one of the outermost function. */
uintptr_t stack_pc(enum form form, unsigned words, unsigned site);
uintptr_t stack_end_pc(void);
/* CFA = SP + 0; SP - 8; SP + 8 with BP at CFA - 24: no stack has such functions. */
uintptr_t stack_same_pc(void);
uintptr_t stack_down_pc(void);
uintptr_t stack_below_pc(void);

void stack_init(struct stack_model *m);
struct function_frame stack_random_frame(uint64_t *seed, bool other_too);

/* Writes the stack, and what has to be found. `bp`: BP where it does not matter. */
void stack_lay(struct stack_model *m, uintptr_t bp);

/* Whether the walk found that. */
bool stack_is_found(const struct stack_model *m, const struct walk *w);
bool stack_is_noted(const struct stack_model *m, const struct walk *w);

/* A walk with its arrays. */
struct stack_walk {
    struct walk walk;
    uintptr_t pc[STACK_WALK_MOST];
    struct walk_word word[2 * STACK_WALK_MOST + 8];
};
void stack_walk_init(struct stack_walk *w, size_t frames_most);

/* The trace of the stack as capture.c comes to it where the cache has none: joined to the last one, or
 * walked. STACK_ALONE: walked and not kept. 0: no memory. */
enum stack_path { STACK_HIT, STACK_JOINED, STACK_WALKED, STACK_ALONE };
uint32_t stack_capture(struct stack_model *m, struct last_stack *last, enum stack_path *ret);

/* Whether the trace is the model's stack as far as it is to be shown. */
bool stack_is_shown(const struct stack_model *m, uint32_t trace);

#endif
