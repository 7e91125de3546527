/* SPDX-License-Identifier: MIT
 *
 * Owns the comparison of call stacks with libunwind's (verify.h); built with VERIFY=1 only.
 *
 * Where libunwind gives up (it knows no column of a register beyond 16, for one) the frames up to there
 * are compared, and the capture is counted as not compared.
 *
 * Frames beyond a guessed one are not compared: libunwind takes the stack pointer there for the old
 * one plus 16 bytes, which is right only for functions without locals.
 *
 * Runs in malloc, before any lock of ours. */
#include "verify.h"

#ifdef LEAKGC_VERIFY

#include <errno.h>
#include <stdlib.h>

#include "log.h"
#include "options.h"
#include "sys.h"
#include "thread.h"
#include "trace.h"
#include "unwind.h"
#include "walk.h"

enum { SHOWN_MOST = 10 };

static uint64_t counts[VERIFY_PATHS];
static uint64_t differences, uncompared;

static void count(uint64_t *of)
{
    __atomic_add_fetch(of, 1, __ATOMIC_RELAXED);
}

/* How many frames a walk from the start has before the first guess, that one's caller included. */
static size_t frames_before_guess(const uintptr_t *frame)
{
    size_t most = options.stack_depth;
    uintptr_t pc[most];
    struct walk_word words[walk_words_most(most)];
    struct walk w = {
        .frame = pc, .frames_most = most, .word = words, .words_most = walk_words_most(most)};
    walk_begin(&w, thread_self_or_null(), frame);
    if (!walk_on(&w))
        return most;
    for (size_t i = 0; i < w.frames; i++)
        if (frame_rule(w.frame[i]).kind == RULE_GUESS)
            return i + 1;
    return most;
}

void verify_init(void)
{
    unwind_open();
}

static size_t read_trace(uint32_t id, uintptr_t *ret, size_t most)
{
    size_t n = 0;
    for (struct trace_frame f; n < most && trace_next(&id, &f); n++)
        ret[n] = f.pc;
    return n;
}

void verify_capture(const uintptr_t *frame, record captured, enum verify_path path)
{
    struct thread *self = thread_self_or_null();
    size_t most = options.stack_depth;
    uintptr_t all[most + 16], theirs[most], ours[most];
    size_t frames = read_trace(record_trace(captured), ours, most);
    int saved = errno;
    bool whole = false;
    count(&counts[path]);
    size_t n = self && !thread_is_cramped(self)
                   ? unwind_frames((uintptr_t)(frame + 2), all, most + 16, &whole)
                   : 0;
    errno = saved;
    if (!whole || !frames)
        count(&uncompared);
    if (!n || !frames)
        return;
    struct walk filter = {.frame = theirs, .frames_most = most};
    walk_init();
    for (size_t i = 0; i < n; i++)
        walk_add_frame(&filter, all[i]);
    size_t upto = frames_before_guess(frame);
    if (!whole && filter.frames < upto)
        upto = filter.frames;
    size_t a = frames < upto ? frames : upto;
    size_t b = filter.frames < upto ? filter.frames : upto;
    size_t i = 0;
    while (i < a && i < b && ours[i] == theirs[i])
        i++;
    if (i == a && i == b)
        return;
    count(&differences);
    if (differences <= SHOWN_MOST)
        log_say("verify: stack differs at frame %zu of %zu: 0x%lx, libunwind 0x%lx of %zu; called "
                "from 0x%lx",
                i, a, i < a ? ours[i] : 0, i < b ? theirs[i] : 0, b, frame[1]);
}

void verify_summary(void)
{
    uint64_t all = 0;
    for (int i = 0; i < VERIFY_PATHS; i++)
        all += counts[i];
    log_say("verify: %lu captures, %lu cached, %lu joined, %lu walked, %lu by libunwind, %lu not "
            "compared; %lu differences",
            all, counts[VERIFY_CACHED], counts[VERIFY_JOINED], counts[VERIFY_WALKED],
            counts[VERIFY_UNWOUND], uncompared, differences);
}

void verify_after_fork(void)
{
    for (int i = 0; i < VERIFY_PATHS; i++)
        counts[i] = 0;
    differences = uncompared = 0;
}

struct rule verify_break(struct rule rule)
{
    static int learned;
    const char *which = getenv("VERIFY_BREAK");
    bool has_cfa = rule.kind == RULE_SP || rule.kind == RULE_BP || rule.kind == RULE_REALIGNED;
    if (which && has_cfa && __atomic_add_fetch(&learned, 1, __ATOMIC_RELAXED) == atoi(which))
        rule.cfa += 8;
    return rule;
}

#endif
