/* SPDX-License-Identifier: MIT
 *
 * capture.h: call stacks of this very program, by each of the three ways: remembered, walked by
 * frame rules, libunwind. */
#include "../../preload/capture.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "../../preload/alloc.h"
#include "../../preload/log.h"
#include "../../preload/options.h"
#include "../../preload/thread.h"
#include "../../preload/trace.h"
#include "../../preload/unwind.h"
#include "unit.h"

static void setup(void)
{
    unit_alive();
    unwind_open();
}

static __thread const struct unit_trace *volatile captured; /* also set in signal handlers */

/* As far as it is to be shown. */
static const struct unit_trace *shown(record r)
{
    return unit_trace(trace_cut(record_trace(r), options.stack_depth));
}

/* In life the depth does not change. */
static void set_depth(uint32_t depth)
{
    stack_cache_done(&thread_current()->stacks);
    last_stack_done(&thread_current()->last);
    options.stack_depth = depth;
}

/* Stands for malloc. */
__attribute__((noinline)) static record enter(void)
{
    record r = capture(CAPTURE_FRAME);
    captured = shown(r);
    return r;
}

__attribute__((noinline)) static void capture_here(int depth)
{
    if (depth > 0)
        capture_here(depth - 1);
    else
        enter();
    __asm__ volatile("" : : : "memory"); /* no tail call */
}

static bool is_in(uintptr_t pc, uintptr_t fn)
{
    return pc > fn && pc < fn + 400;
}

/* What libunwind finds for the frames from there on, without the library's own. */
static void check_by_libunwind(const struct unit_trace *t, const uintptr_t *frame)
{
    uintptr_t pc[TRACE_FRAMES_MOST];
    bool whole;
    size_t n = unwind_frames((uintptr_t)(frame + 2), pc, t->frames, &whole);
    REQUIRE(t && n == t->frames && !memcmp(pc, t->pc, n * sizeof *pc));
}

START_TEST(frames_are_the_program_s)
{
    for (int round = 0; round < 3; round++) { /* walked, then remembered */
        capture_here(5);
        ck_assert_ptr_nonnull(captured);
        ck_assert_uint_gt(captured->frames, 7);
        for (int i = 0; i < 6; i++)
            ck_assert_msg(is_in(captured->pc[i], (uintptr_t)capture_here), "frame %d", i);
        ck_assert(!is_in(captured->pc[6], (uintptr_t)capture_here));
        for (size_t i = 0; i < captured->frames; i++) { /* none of the library's */
            ck_assert(!is_in(captured->pc[i], (uintptr_t)capture));
        }
    }
}
END_TEST

START_TEST(frame_zero_is_the_caller_of_malloc)
{
    enter();
    uintptr_t pc = captured->pc[0];
    uintptr_t here = (uintptr_t) && after;
    ck_assert(pc <= here && pc + 400 > here);
    goto after;
after:;
}
END_TEST

START_TEST(depth_is_an_option)
{
    static const uint32_t depths[] = {1, 2, 10, 100, 256};
    for (size_t i = 0; i < 2 * (sizeof depths / sizeof *depths); i++) {
        if (i % 2 == 0)
            set_depth(depths[i / 2]);
        capture_here(300);
        ck_assert_uint_eq(captured->frames, depths[i / 2]);
        for (size_t f = 0; f < captured->frames; f++)
            ck_assert(is_in(captured->pc[f], (uintptr_t)capture_here));
    }
}
END_TEST

START_TEST(errno_stays)
{
    errno = 4711;
    for (int i = 0; i < 10; i++)
        capture_here(i / 2);
    ck_assert_int_eq(errno, 4711);
}
END_TEST

START_TEST(internal_and_switched_off)
{
    struct thread *self = thread_current();
    self->internal++;
    ck_assert_uint_eq(enter(), RECORD_LIVE | RECORD_ROOT | (record)TRACE_INTERNAL << 32);
    self->internal--;
    options.enabled = false;
    ck_assert_uint_eq(enter(), RECORD_LIVE | (record)TRACE_UNKNOWN << 32);
    options.enabled = true;
    ck_assert_uint_gt(record_trace(enter()), TRACE_UNKNOWN);
    unit_capture();
    log_stop_recording("test");
    unit_captured();
    ck_assert_uint_eq(enter(), RECORD_LIVE | (record)TRACE_UNKNOWN << 32);
}
END_TEST

/* --- Against libunwind ------------------------------------------------------------------------ */

/* As enter, but with the judgement while the stack is there. */
__attribute__((noinline)) static record enter_and_check(void)
{
    record r = capture(CAPTURE_FRAME);
    check_by_libunwind(shown(r), CAPTURE_FRAME);
    return r;
}

/* A tree of calls with frames of many forms, and how many captures it may yet have. */
static __thread unsigned left;

__attribute__((noinline)) static void branch(uint64_t *seed, int depth);

__attribute__((noinline, optimize("omit-frame-pointer"))) static void with_sp(uint64_t *seed, int n)
{
    volatile char some[24] = {1};
    branch(seed, n);
    some[0]++;
}
__attribute__((noinline)) static void with_alloca(uint64_t *seed, int n)
{
    volatile char *some = __builtin_alloca(16 + (size_t)n * 40);
    some[0] = 1;
    branch(seed, n);
    some[1] = 2;
}
__attribute__((noinline, optimize("omit-frame-pointer"))) static void realigned(uint64_t *seed,
                                                                                int n)
{
    volatile char some[64] __attribute__((aligned(64))) = {1};
    volatile char *more = __builtin_alloca(16 + (size_t)n * 8);
    REQUIRE((uintptr_t)some % 64 == 0);
    more[0] = 2;
    branch(seed, n);
    some[0]++;
}
static int compare(const void *a, const void *b)
{
    uint64_t *seed = *(uint64_t *const *)a;
    (void)b;
    branch(seed, 1);
    return 0;
}
/* Through libc. */
__attribute__((noinline)) static void through_qsort(uint64_t *seed, int n)
{
    uint64_t *items[2] = {seed, seed};
    (void)n;
    qsort(items, 2, sizeof *items, compare);
    __asm__ volatile("" : : : "memory");
}

__attribute__((noinline)) static void branch(uint64_t *seed, int depth)
{
    static void (*const forms[])(uint64_t *, int) = {with_sp, with_alloca, realigned,
                                                     through_qsort};
    for (size_t n = 1 + unit_below(seed, 3); depth > 0 && n && left; n--)
        forms[unit_below(seed, 4)](seed, depth - 1);
    left -= left > 0;
    if (UNIT_TSAN) /* libunwind has races of its own */
        enter();
    else
        enter_and_check();
    __asm__ volatile("" : : : "memory");
}

START_TEST(random_trees_as_libunwind_finds_them)
{
    uint64_t seed = unit_seed(2000 + (uint64_t)_i);
    for (int round = 0; round < 20; round++) {
        left = UNIT_ASAN ? 20 : 200;
        branch(&seed, 6);
    }
}
END_TEST

/* --- Signal handlers and other stacks --------------------------------------------------------- */

static void handle(int sig)
{
    (void)sig;
    enter_and_check();
    errno = 4711;
    enter();
    REQUIRE(errno == 4711);
}

/* Through the frame of a signal handler only libunwind finds the way. */
START_TEST(in_a_signal_handler)
{
    struct sigaction act = {.sa_handler = handle};
    sigaction(SIGUSR1, &act, NULL);
    for (int round = 0; round < 6; round++) {
        captured = NULL;
        errno = 4711;
        if (round == 3) /* no more frames than asked for: handler, trampoline, raise */
            set_depth(3);
        raise(SIGUSR1);
        ck_assert_ptr_nonnull(captured);
        bool found = false;
        for (size_t i = 0; i < captured->frames; i++)
            found |= captured->pc[i] - (uintptr_t)in_a_signal_handler_fn < 2000;
        if (round < 3)
            ck_assert(found);
        else
            ck_assert_uint_eq(captured->frames, 3);
    }
}
END_TEST

/* On the signal stack of a handler it is the same; on a small one the walk ends early. */
START_TEST(on_a_signal_stack)
{
    static char stack[64 << 10];
    for (size_t bytes = sizeof stack; bytes >= 8192; bytes = bytes / 8) {
        stack_t on = {.ss_sp = stack, .ss_size = bytes};
        struct sigaction act = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
        ck_assert_int_eq(sigaltstack(&on, NULL), 0);
        if (bytes == 8192) /* libunwind needs more than there is */
            act.sa_handler = (void (*)(int))(void (*)(void))enter;
        sigaction(SIGUSR1, &act, NULL);
        captured = NULL;
        raise(SIGUSR1);
        ck_assert_ptr_nonnull(captured);
        ck_assert_uint_ge(captured->frames, 1);
    }
}
END_TEST

/* A coroutine: a stack that is nobody's, walked with a look at each page, and not remembered. */
static ucontext_t outside, inside;

static void coroutine(void)
{
    for (int round = 0; round < 3; round++) {
        uint64_t seed = unit_seed(77);
        left = 20;
        branch(&seed, 3);
    }
    captured = NULL;
    enter();
    swapcontext(&inside, &outside);
}

START_TEST(in_a_coroutine)
{
    size_t bytes = 256 << 10;
    char *stack = unit_map(bytes);
    struct stack_cache *c = &thread_current()->stacks;
    getcontext(&inside);
    inside.uc_stack.ss_sp = stack;
    inside.uc_stack.ss_size = bytes;
    makecontext(&inside, coroutine, 0);
    swapcontext(&outside, &inside);
    ck_assert_ptr_nonnull(captured);
    ck_assert(is_in(captured->pc[0], (uintptr_t)coroutine));
    ck_assert_uint_eq(c->used, 0);
    munmap(stack, bytes);
}
END_TEST

/* --- What is remembered ----------------------------------------------------------------------- */

START_TEST(each_stack_is_remembered_once)
{
    struct thread *self = thread_current();
    struct unit_trace first = {0};
    uint32_t used = 0;
    for (volatile int round = 0; round < 100; round++) { /* one call site, not peeled */
        capture_here(20);
        REQUIRE(captured &&
                (!round || (captured->frames == first.frames &&
                            !memcmp(captured->pc, first.pc, first.frames * sizeof *first.pc))));
        REQUIRE(self->stacks.used && (!used || used == self->stacks.used));
        first = *captured;
        used = self->stacks.used;
    }
    self->walking = true; /* as in a signal handler that interrupts a walk */
    capture_here(21);
    self->walking = false;
    ck_assert_uint_eq(captured->frames, first.frames + 1);
    ck_assert_uint_eq(self->stacks.used, used);
}
END_TEST

static void in_threads(void *unused, unsigned number)
{
    uint64_t seed = unit_seed(3000 + number);
    (void)unused;
    thread_current();
    for (int round = 0; round < 10; round++) {
        left = UNIT_ASAN ? 10 : 200;
        branch(&seed, 5);
    }
}

START_TEST(threads)
{
    thread_init();
    unit_threads(4, in_threads, NULL);
}
END_TEST

Suite *suite_capture(void)
{
    Suite *s = suite_create("capture");
    TCase *c = unit_case(s, "capture");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, frames_are_the_program_s);
    tcase_add_test(c, frame_zero_is_the_caller_of_malloc);
    if (!UNIT_ASAN) /* its frames are too large for 300 of them to be told apart so simply */
        tcase_add_test(c, depth_is_an_option);
    tcase_add_test(c, errno_stays);
    tcase_add_test(c, internal_and_switched_off);
    tcase_add_loop_test(c, random_trees_as_libunwind_finds_them, 0, 5);
    tcase_add_test(c, each_stack_is_remembered_once);
    c = unit_case(s, "capture_elsewhere");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, in_a_signal_handler);
    tcase_add_test(c, on_a_signal_stack);
    tcase_add_test(c, in_a_coroutine);
    c = unit_case_threads(s, "capture_threads");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, threads);
    return s;
}
