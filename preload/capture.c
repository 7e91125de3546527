/* SPDX-License-Identifier: MIT
 *
 * Owns the way from a call of malloc to the trace of its call stack:
 *
 *   remembered and proven (stack_cache.c) | walked by frame rules (walk.c) | libunwind (unwind.c)
 *
 * each where the one before can't answer. A walk goes over the frames that differ from the last one's
 * (last_stack.c); what may come again is remembered.
 *
 * Runs in malloc, before any lock of ours. A signal handler that interrupts a walk and allocates
 * does not touch what the walk is about to change (thread.walking). */
#include "capture.h"

#include <errno.h>

#include "last_stack.h"
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

/* Goes over the frames that rules can pass, and has libunwind do the whole stack if that is less than
 * wanted. False: it has. */
static bool walk_or_unwind(struct walk *w, const struct thread *self, size_t depth)
{
    if (walk_on(w))
        return true;
    if (w->frames >= depth) {
        w->frames_most = w->frames;
        return true;
    }
    w->frames_most = depth;
    unwind(w, self);
    return false;
}

/* Only as far as the stack differs from the last one, if it does not in the frames that rules can pass; what
 * may come again is remembered. 0: not on this stack. */
static record walk_and_learn(struct thread *self, const uintptr_t *frame,
                             enum verify_path *ret_path)
{
    uint32_t trace = last_stack_rejoin(&self->last, frame);
    *ret_path = VERIFY_JOINED;
    if (!trace) {
        struct walk w;
        if (!last_stack_lend(&self->last, &w))
            return 0;
        walk_begin(&w, self, frame);
        if (!w.own_stack)
            return 0;
        *ret_path = VERIFY_UNWOUND;
        if (!walk_or_unwind(&w, self, options.stack_depth))
            return intern(&w);
        *ret_path = VERIFY_WALKED;
        trace = last_stack_take(&self->last, &w);
        if (!trace || self->last.words < 2)
            return intern(&w);
    }
    record r = bits_of(trace);
    stack_cache_learn(&self->stacks, &self->last, frame, r);
    return r;
}

/* On a stack that is not the thread's own, or in a signal handler that interrupted a walk; with less memory. */
static __attribute__((noinline)) record
walk_alone(const struct thread *self, const uintptr_t *frame, enum verify_path *ret_path)
{
    size_t depth = depth_for(self);
    uintptr_t pc[depth];
    struct walk_word words[walk_words_most(depth)];
    struct walk w = {
        .frame = pc, .frames_most = depth, .word = words, .words_most = walk_words_most(depth)};
    walk_begin(&w, self, frame);
    *ret_path = walk_or_unwind(&w, self, depth) ? VERIFY_WALKED : VERIFY_UNWOUND;
    return intern(&w);
}

record capture_walk(const uintptr_t *frame)
{
    struct thread *self = thread_self_or_null();
    enum verify_path path;
    record r = 0;
    if (!options.enabled || log_stopped())
        return bits_of(TRACE_UNKNOWN);
    if (self && self->internal)
        return bits_of(TRACE_INTERNAL);
    if (self && !self->walking) {
        self->walking = true;
        self->stacks.earlier++;
        r = walk_and_learn(self, frame, &path);
        self->walking = false;
    }
    if (!r)
        r = walk_alone(self, frame, &path);
    verify_capture(frame, r, path);
    return r;
}

record capture(const uintptr_t *frame)
{
    struct thread *self = thread_self_or_null();
    struct stack_hint hint;
    record r = 0;
    if (self && !self->internal && !log_stopped()) {
        r = stack_cache_find(&self->stacks, frame, &hint);
        r = r ? r : stack_cache_follow(&self->stacks, frame, hint);
    }
    if (!r)
        return capture_walk(frame);
    verify_capture(frame, r, VERIFY_CACHED);
    return r;
}
