/* SPDX-License-Identifier: MIT
 *
 * Owns the way from a call of malloc to the trace of its call stack:
 *
 *   remembered and proven (stack_cache.c) | walked by frame rules (walk.c) | libunwind (unwind.c)
 *
 * each where the one before can't answer. What the walk had to go over is remembered.
 *
 * Runs in malloc, before any lock of ours. A signal handler that interrupts a walk and allocates
 * does not touch what the walk is about to change (thread.walking). */
#include "capture.h"

#include <errno.h>

#include "log.h"
#include "options.h"
#include "stack_cache.h"
#include "sys.h"
#include "thread.h"
#include "trace.h"
#include "unwind.h"
#include "verify.h"
#include "walk.h"

static record bits_of(uint32_t trace)
{
    bool root = trace == TRACE_INTERNAL || trace_is_of_loader(trace);
    return record_make(trace, 0) | (root ? RECORD_ROOT : 0);
}

static record intern(const struct walk *w)
{
    uint32_t trace = w->frames ? trace_intern(w->frame, w->frames) : 0;
    return trace ? bits_of(trace) : bits_of(TRACE_UNKNOWN);
}

/* The whole stack by libunwind; as far as the walk came where that is not possible. */
static void unwind(struct walk *w, const struct thread *self)
{
    size_t most = w->frames_most + 16; /* frames of ours are among them */
    if (!self || thread_is_cramped(self))
        return;
    bool in_loader = false;
    for (size_t i = 0; i < w->frames; i++)
        in_loader |= trace_in_loader(w->frame[i]);
    if (!in_loader)
        unwind_open();
    uintptr_t pc[most];
    bool whole;
    int saved = errno;
    size_t n = unwind_frames(w->base + sizeof(uintptr_t), pc, most, &whole);
    errno = saved;
    if (n < w->frames)
        return;
    w->frames = 0;
    for (size_t i = 0; i < n; i++)
        walk_add_frame(w, pc[i]);
}

/* On a signal stack without room for more the caller alone has to do. */
static size_t depth_for(const struct thread *self)
{
    return self && thread_is_cramped(self) ? 1 : options.stack_depth;
}

/* What is not remembered as it stands. */
static __attribute__((noinline)) record walk_and_learn(struct thread *self, const uintptr_t *frame)
{
    size_t depth = depth_for(self);
    uintptr_t pc[depth];
    struct walk_word words[walk_words_most(depth)];
    struct walk w = {
        .frame = pc, .frames_most = depth, .word = words, .words_most = walk_words_most(depth)};
    struct stack_place place;
    walk_begin(&w, self, frame);
    bool remember = self && w.own_stack && depth == options.stack_depth && !self->walking;
    if (remember)
        self->walking = true;
    record r = remember ? stack_cache_look(&self->stacks, &w, &place) : 0;
    enum verify_path path = r ? VERIFY_CACHED : w.words ? VERIFY_RESUMED : VERIFY_WALKED;
    if (!r) {
        bool whole = walk_on(&w);
        if (!whole) {
            unwind(&w, self);
            path = VERIFY_UNWOUND;
        }
        r = intern(&w);
        if (remember && whole)
            stack_cache_learn(&self->stacks, &w, &place, r);
    }
    if (remember)
        self->walking = false;
    verify_capture(frame, r, path);
    return r;
}

record capture(const uintptr_t *frame)
{
    struct thread *self = thread_self_or_null();
    if (!options.enabled || log_stopped())
        return bits_of(TRACE_UNKNOWN);
    if (self && self->internal)
        return bits_of(TRACE_INTERNAL);
    record r = self ? stack_cache_find(&self->stacks, frame) : 0;
    if (!r)
        return walk_and_learn(self, frame);
    verify_capture(frame, r, VERIFY_CACHED);
    return r;
}
