/* SPDX-License-Identifier: MIT
 *
 * A walk over a call stack by frame rules, from a call of malloc outwards, with a note of every
 * word of the stack on which its result depends. */
#ifndef LEAKGC_WALK_H
#define LEAKGC_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;

/* A word of the stack that the walk has read. Offsets are in bytes from walk.base. */
struct walk_word {
    uintptr_t value;
    uint32_t offset;
    uint32_t bp_at; /* a return address: where BP was saved then, or WALK_IN_REGISTER */
};
enum { WALK_IN_REGISTER = 0, WALK_NO_RETURN = 1 }; /* WALK_NO_RETURN: no return address */

struct walk {
    /* Where it begins: the slot of the return address of the call of malloc, what is in there, and BP
     * at the call. Offset 0 of the stack. */
    uintptr_t base, first_pc, first_bp;

    /* Where it stands: a return address, the stack pointer after that return, where BP is. */
    uintptr_t pc, sp;
    uint32_t bp_at;

    /* What it found. Frames of ours are left out. */
    size_t frames, frames_most;
    uintptr_t *frame;
    size_t words, words_most;
    struct walk_word *word;
    bool uses_bp;    /* the first BP matters too */
    bool repeatable; /* the same words will give the same result: worth remembering */
    bool own_stack;  /* it is the thread's own: readable up to stack_end for as long as it lives */
    uintptr_t own_begin;              /* then: of the whole stack */
    uintptr_t stack_begin, stack_end; /* what is known to be readable, in whole words */
};

/* At most so many words matter in a walk of so many frames. */
static inline size_t walk_words_most(size_t frames)
{
    return 2 * frames + 8;
}

/* Begins at a call of malloc: `frame` is the frame of the function of ours that was called (its BP
 * saved, its return address). The caller has set the arrays and their sizes. */
void walk_begin(struct walk *w, const struct thread *self, const uintptr_t *frame);

/* Goes outwards to the last frame, or until frames_most; false: at a frame that rules can't
 * express, or that leads off this stack.
 * Reads the stack only. Runs in malloc with no lock of ours held. */
bool walk_on(struct walk *w);

/* Adds a frame to the result if it is not ours. */
void walk_add_frame(struct walk *w, uintptr_t pc);

/* Records the range of the library's own code; whether an address lies in it. */
void walk_init(void);
extern uintptr_t walk_own_begin, walk_own_end;
static inline bool walk_is_ours(uintptr_t pc)
{
    return pc - walk_own_begin < walk_own_end - walk_own_begin;
}

#endif
