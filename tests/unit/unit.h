/* SPDX-License-Identifier: MIT
 *
 * What the unit tests share. Each test runs in a process of its own (Check's fork mode) in which
 * the library has not come to life yet, so a test starts from nothing and leaves nothing behind.
 *
 * The product is linked as a shared object, as in life, with stubs.c in place of the files that
 * define libc's names. So the test program is "the program": its frames show in traces. Blocks of
 * the product come from alloc_new and heap_alloc; what a test needs for itself, from libc's malloc.
 *
 * REQUIRE is for loops: Check's own assertions write a line to a file each. */
#ifndef LEAKGC_UNIT_H
#define LEAKGC_UNIT_H

#include <check.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNIT_SUITES                                                                                \
    SUITE(fmt)                                                                                     \
    SUITE(log)                                                                                     \
    SUITE(options)                                                                                 \
    SUITE(options_search)                                                                          \
    SUITE(clock)                                                                                   \
    SUITE(sizeclass)                                                                               \
    SUITE(record)                                                                                  \
    SUITE(lock)                                                                                    \
    SUITE(space)                                                                                   \
    SUITE(meta)                                                                                    \
    SUITE(cage)                                                                                    \
    SUITE(slab)                                                                                    \
    SUITE(heap)                                                                                    \
    SUITE(large)                                                                                   \
    SUITE(alloc)                                                                                   \
    SUITE(quick)                                                                                   \
    SUITE(trace)                                                                                   \
    SUITE(eh_frame)                                                                                \
    SUITE(frame_rules)                                                                             \
    SUITE(walk)                                                                                    \
    SUITE(last_stack)                                                                              \
    SUITE(last_stack_depth)                                                                        \
    SUITE(stack_cache)                                                                             \
    SUITE(capture)                                                                                 \
    SUITE(thread)                                                                                  \
    SUITE(module)                                                                                  \
    SUITE(maps)                                                                                    \
    SUITE(bucket)                                                                                  \
    SUITE(mark)                                                                                    \
    SUITE(hidden)                                                                                  \
    SUITE(kept)                                                                                    \
    SUITE(heuristics)                                                                              \
    SUITE(classify)                                                                                \
    SUITE(weak)                                                                                    \
    SUITE(crew)                                                                                    \
    SUITE(stop)                                                                                    \
    SUITE(group)                                                                                   \
    SUITE(suspects)                                                                                \
    SUITE(text)                                                                                    \
    SUITE(sink)                                                                                    \
    SUITE(pressure)                                                                                \
    SUITE(remote)                                                                                  \
    SUITE(glob)                                                                                    \
    SUITE(suppress_file)                                                                           \
    SUITE(suppress_match)                                                                          \
    SUITE(suppress)

#define SUITE(name) Suite *suite_##name(void);
UNIT_SUITES
#undef SUITE

#define REQUIRE(c)                                                                                 \
    do {                                                                                           \
        if (!(c))                                                                                  \
            ck_abort_msg("%s", #c);                                                                \
    } while (0)
#define REQUIRE_MSG(c, format, ...)                                                                \
    do {                                                                                           \
        if (!(c))                                                                                  \
            ck_abort_msg("%s: " format, #c, __VA_ARGS__);                                          \
    } while (0)

/* A case of the suite. "threads" is a tag: the run under ThreadSanitizer takes only cases with it. */
TCase *unit_case(Suite *s, const char *name);
TCase *unit_case_threads(Suite *s, const char *name);

/* Fixtures. unit_space: the address space only; unit_alive: the allocator, and an entry for the
 * calling thread (number 0). */
void unit_space(void);
void unit_alive(void);

/* What the library writes to stderr between the two calls; the text, NUL-terminated, in `text`. */
void unit_capture(void);
const char *unit_captured(void);

/* "==PID==leakgc: " and the line, as the library writes it. */
const char *unit_log_line(const char *line);

/* Frame of a call that never was: BP 0 and a return address in no module, so that its stack is that
 * one address. As alloc_new and its like want it. */
extern const uintptr_t unit_frame[3];

/* Runs fn in a forked child; its wait status. What the library wrote there: unit_captured(). */
int unit_child(void (*fn)(void *), void *arg);

/* Runs n threads at once; fn gets arg and 0..n-1. */
struct unit_thread {
    void (*fn)(void *arg, unsigned number);
    void *arg;
    unsigned number;
};
void unit_threads(unsigned n, void (*fn)(void *, unsigned), void *arg);

/* Fresh pages of the system's, readable and writable. */
char *unit_map(size_t bytes);

/* Reproducible random numbers; the environment variable UNIT_SEED varies them. */
uint64_t unit_seed(uint64_t of_the_test);
uint64_t unit_random(uint64_t *state);
size_t unit_below(uint64_t *state, size_t limit);

/* Switches of stubs.c. */
extern size_t stub_reserve_most; /* address space that the system grants at most */
extern long stub_allow_left;     /* so many more ranges become accessible; -1: no limit */
extern bool stub_discard_fails;
extern bool stub_ioctl_fails; /* a kernel without PAGEMAP_SCAN */
/* What moving pages fails with, or 0; after -ENOMEM the target is unmapped, after -EFAULT half is moved. */
extern int stub_move_error;
extern uint64_t stub_ahead_ms; /* so much later it is than the clock says */
extern int stub_stderr;

/* Whether the thread sanitizer watches, or the address sanitizer. */
#ifdef __SANITIZE_THREAD__
enum { UNIT_TSAN = 1 };
#else
enum { UNIT_TSAN = 0 };
#endif
#ifdef __SANITIZE_ADDRESS__
enum { UNIT_ASAN = 1 };
#else
enum { UNIT_ASAN = 0 };
#endif

/* A stack as an array. Good until the eighth next call in the same thread; NULL: no stack. */
struct unit_trace {
    size_t frames;
    uint32_t module_time;  /* of the innermost frame */
    uintptr_t pc[2 * 256]; /* more than are shown */
};
const struct unit_trace *unit_trace(uint32_t id);

#endif
