/* SPDX-License-Identifier: MIT
 *
 * Each thread's last walked call stack, frame by frame. The next one nearly always has most of its
 * outer frames: only the inner ones that differ have to be walked, down to where they join. */
#ifndef LEAKGC_LAST_STACK_H
#define LEAKGC_LAST_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct walk;
struct walk_word;

/* A word of the stack on which the walk depended. Places are in bytes above last_stack.low. */
struct last_word {
    uintptr_t value;
    uint32_t at;
    uint32_t bp_at; /* of a return address: where BP was saved then; 0: in the register */
    uint32_t trace; /* of a return address: of the frames from this one outwards */
    uint16_t depth; /* how many these are; of another word: that of the return address it led to */
    bool is_return; /* a return address */
    bool needs_bp;  /* of a return address: the frames outside of it depend on BP */
};

struct last_stack {
    struct last_word *word; /* [0]: where no walk comes to; then the outermost first */
    uint32_t words;         /* with that one; 0: no memory yet */
    uint32_t words_most;
    uint32_t generation;      /* frame_rules_generation when it was walked */
    uint16_t depth;           /* of the innermost return address */
    uint32_t walk_generation; /* when the arrays were lent */
    bool complete;            /* the first word is the outermost there is */
    bool uses_bp;             /* the BP at the call, first_bp, mattered */
    uintptr_t first_bp;
    uintptr_t low;         /* 4 GiB below the end of the stack */
    uintptr_t stack_begin; /* of the thread's own stack */
    uintptr_t *frame;      /* for the next walk: its arrays */
    struct walk_word *noted;
};

/* An empty one without memory; and back to that. */
void last_stack_init(struct last_stack *s);
void last_stack_done(struct last_stack *s);

/* The trace of the call stack of the function of ours whose frame this is (walk_begin), walked as far
 * as it differs from the last stack, whose place it takes. More frames than wanted may be in it
 * (trace_cut). 0: it has to be walked whole; nothing was changed. Owner only, not from a signal
 * handler that interrupted one of these functions. */
uint32_t last_stack_rejoin(struct last_stack *s, const uintptr_t *frame);

/* Lends the arrays for a walk of more frames than wanted; false: no memory for them. */
bool last_stack_lend(struct last_stack *s, struct walk *w);

/* A walk with them on the thread's own stack is over: it becomes the last stack, and the answer is its
 * trace; 0: no memory for it. */
uint32_t last_stack_take(struct last_stack *s, const struct walk *w);

/* The words that options.stack_depth frames depend on: from the one returned, which may be
 * word + words, up to word[words - 1]. */
const struct last_word *last_stack_needed(const struct last_stack *s);

#endif
