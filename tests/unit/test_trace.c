/* SPDX-License-Identifier: MIT
 *
 * trace.h: the store of call stacks.
 *
 * Over 600 lines because extending, cutting, wide parents and threads ask the same store. */
#include "../../preload/trace.h"

#include <sys/auxv.h>

#include "../../preload/alloc.h"
#include "../../preload/capture.h"
#include "../../preload/lock.h"
#include "../../preload/log.h"
#include "../../preload/module.h"
#include "../../preload/space.h"
#include "unit.h"

/* Stack number n: some are prefixes of others, some differ in the last frame only. */
static size_t make_stack(uintptr_t *pc, unsigned n)
{
    size_t frames = 1 + n % 40;
    for (size_t i = 0; i < frames; i++)
        pc[i] = 0x400000 + i * 16;
    pc[frames - 1] += n / 40;
    return frames;
}

static bool is_chain(uint32_t id, const uintptr_t *pc, size_t frames)
{
    struct trace_frame f;
    size_t same = 0;
    while (same < frames && trace_next(&id, &f) && f.pc == pc[same])
        same++;
    return same == frames && !trace_next(&id, &f);
}

static bool is_stack(uint32_t id, unsigned n)
{
    uintptr_t pc[40];
    size_t frames = make_stack(pc, n);
    return is_chain(id, pc, frames);
}

static uint32_t intern(unsigned n)
{
    uintptr_t pc[40];
    return trace_intern(pc, make_stack(pc, n));
}

START_TEST(equal_stacks_have_one_id)
{
    enum { COUNT = 20000 };
    static uint32_t ids[COUNT];
    for (unsigned n = 0; n < COUNT; n++) {
        ids[n] = intern(n);
        REQUIRE(ids[n] > TRACE_UNKNOWN && ids[n] < 1u << RECORD_TRACE_BITS);
    }
    ck_assert_uint_eq(trace_count(), COUNT); /* so all are different */
    for (unsigned n = 0; n < COUNT; n++) {
        REQUIRE(intern(n) == ids[n]);
        REQUIRE(is_stack(ids[n], n));
    }
    ck_assert_uint_eq(trace_count(), COUNT);
}
END_TEST

START_TEST(order_and_length_matter)
{
    uintptr_t a[] = {1, 2, 3}, b[] = {3, 2, 1}, c[] = {1, 2, 3, 0};
    ck_assert_uint_ne(trace_intern(a, 3), trace_intern(b, 3));
    ck_assert_uint_ne(trace_intern(a, 3), trace_intern(a, 2));
    ck_assert_uint_ne(trace_intern(c, 4), trace_intern(c, 3));
    ck_assert_uint_eq(trace_intern(c, 3), trace_intern(a, 3));
}
END_TEST

START_TEST(longest_stack)
{
    uintptr_t pc[TRACE_FRAMES_MOST];
    for (size_t i = 0; i < TRACE_FRAMES_MOST; i++)
        pc[i] = i + 1;
    uint32_t id = trace_intern(pc, TRACE_FRAMES_MOST);
    ck_assert(is_chain(id, pc, TRACE_FRAMES_MOST));
    ck_assert(!is_chain(id, pc, TRACE_FRAMES_MOST - 1));
}
END_TEST

START_TEST(ids_that_are_no_stack)
{
    struct trace_frame f;
    for (uint32_t id = 0; id <= TRACE_UNKNOWN; id++) {
        uint32_t at = id;
        ck_assert(!trace_next(&at, &f));
        ck_assert(!trace_is_of_loader(id));
    }
    ck_assert_uint_eq(trace_intern(NULL, 0), 0);
}
END_TEST

START_TEST(retired_traces_are_kept_but_not_matched)
{
    uintptr_t inside[] = {0x1000, 0x5000}, outside[] = {0x1000, 0x6000}, edge[] = {0x4fff};
    uintptr_t below[] = {0x5000, 0x1000};
    uint32_t a = trace_intern(inside, 2);
    uint32_t b = trace_intern(outside, 2);
    uint32_t c = trace_intern(edge, 1);
    uint32_t d = trace_intern(below, 2);
    trace_retire(0x5000, 0x6000);
    ck_assert(is_chain(a, inside, 2));
    ck_assert(is_chain(d, below, 2));
    ck_assert_uint_ne(trace_intern(below, 2), d);
    uint32_t again = trace_intern(inside, 2);
    ck_assert_uint_ne(again, a);
    ck_assert_uint_eq(trace_intern(inside, 2), again);
    ck_assert_uint_eq(trace_intern(outside, 2), b);
    ck_assert_uint_eq(trace_intern(edge, 1), c);
    ck_assert(is_chain(again, inside, 2));
}
END_TEST

/* Innermost frame in the loader: its blocks are nobody's leaks. */
START_TEST(of_loader)
{
    uintptr_t loader = getauxval(AT_BASE);
    uintptr_t by[] = {loader + 0x1000, 0x1000}, through[] = {0x1000, loader + 0x1000};
    ck_assert_uint_ne(loader, 0);
    ck_assert(trace_is_of_loader(trace_intern(by, 2)));
    ck_assert(!trace_is_of_loader(trace_intern(through, 2)));
}
END_TEST

static bool is_third(uint32_t id, void *arg)
{
    struct trace_frame f;
    ++*(int *)arg;
    return trace_next(&id, &f) && f.pc == 3;
}

/* The frames of a call stack are a stack themselves only when somebody allocated there. */
START_TEST(outer_frames_are_shared)
{
    uintptr_t pc[] = {1, 2, 3}, sister[] = {4, 2, 3};
    uint32_t id = trace_intern(pc, 3), other = trace_intern(sister, 3), outer = id;
    struct trace_frame f;
    ck_assert_uint_eq(trace_count(), 2);
    ck_assert(trace_next(&outer, &f));
    ck_assert(trace_next(&other, &f));
    ck_assert_uint_eq(outer, other);
    ck_assert_uint_eq(trace_intern(pc + 1, 2), outer);
    ck_assert_uint_eq(trace_count(), 3);
    ck_assert_uint_eq(trace_intern(pc + 1, 2), outer);
    ck_assert_uint_eq(trace_count(), 3);
}
END_TEST

START_TEST(any)
{
    int asked = 0;
    ck_assert(!trace_any(is_third, &asked));
    ck_assert_int_eq(asked, 0);
    for (uintptr_t pc = 1; pc <= 5; pc++)
        trace_intern((uintptr_t[]){pc, 3}, 2); /* the third address is a caller of all, too */
    ck_assert(trace_any(is_third, &asked));
    ck_assert_int_eq(asked, 3); /* no further than needed */
}
END_TEST

START_TEST(no_memory_stops_recording_once)
{
    uint32_t known = intern(1);
    unsigned n = 2;
    unit_capture();
    stub_allow_left = 0;
    while (intern(n))
        n++;
    ck_assert_uint_eq(intern(n), 0);
    ck_assert_uint_eq(intern(1), known); /* what is stored can be found */
    ck_assert_str_eq(unit_captured(),
                     unit_log_line("stopped recording: no memory for call stacks; the program "
                                   "goes on, reports are incomplete"));
    stub_allow_left = -1;
    ck_assert_uint_eq(record_trace(capture(unit_frame)), TRACE_UNKNOWN);
    void *p = alloc_new(10, 16, false, unit_frame);
    struct block b;
    ck_assert(alloc_find((uintptr_t)p, &b));
    ck_assert_uint_eq(record_trace(b.record), TRACE_UNKNOWN);
}
END_TEST

/* --- Extending and cutting -------------------------------------------------------------------- */

static size_t length(uint32_t id)
{
    size_t n = 0;
    for (struct trace_frame f; trace_next(&id, &f);)
        n++;
    return n;
}

START_TEST(extended_is_as_stored_whole)
{
    uintptr_t pc[] = {1, 2, 3, 4, 5, 6};
    uint32_t ret[6], again[6], part[6];
    ck_assert(trace_extend(0, pc, 6, ret));
    ck_assert_uint_eq(trace_count(), 1); /* the others only lie between */
    ck_assert(trace_extend(0, pc, 6, again));
    ck_assert(!memcmp(ret, again, sizeof ret));
    for (size_t i = 0; i < 6; i++)
        ck_assert(is_chain(ret[i], pc + i, 6 - i));
    for (size_t inner = 0; inner <= 6; inner++) { /* in two parts */
        ck_assert(trace_extend(0, pc + inner, 6 - inner, part + inner));
        ck_assert(trace_extend(inner < 6 ? part[inner] : 0, pc, inner, part));
        ck_assert(!memcmp(ret, part, sizeof ret));
    }
    ck_assert_uint_eq(trace_count(), 6); /* each was the innermost once */
    for (size_t i = 0; i < 6; i++)
        ck_assert_uint_eq(trace_intern(pc + i, 6 - i), ret[i]);
    ck_assert_uint_eq(trace_count(), 6);
}
END_TEST

/* By no frame: it is a stack from then on. */
START_TEST(extended_by_nothing)
{
    uintptr_t pc[] = {1, 2, 3};
    uint32_t ret[3];
    ck_assert(trace_extend(0, pc, 3, ret));
    ck_assert_uint_eq(trace_count(), 1);
    for (int i = 0; i < 2; i++) {
        ck_assert(trace_extend(ret[1], NULL, 0, NULL));
        ck_assert_uint_eq(trace_count(), 2);
    }
    ck_assert(trace_extend(0, NULL, 0, NULL)); /* none is no stack */
    ck_assert_uint_eq(trace_count(), 2);
}
END_TEST

START_TEST(extended_without_memory)
{
    uintptr_t pc[] = {1, 2, 3}, other[] = {7, 8};
    uint32_t ret[3], more[3];
    ck_assert(trace_extend(0, pc, 3, ret));
    unit_capture();
    stub_allow_left = 0;
    for (unsigned n = 0; intern(n);)
        n++;
    ck_assert(!trace_extend(ret[2], other, 2, more));
    ck_assert(trace_extend(ret[2], pc, 2, more)); /* what is stored can be found */
    ck_assert_uint_eq(more[0], ret[0]);
    stub_allow_left = -1;
    unit_captured();
}
END_TEST

START_TEST(extended_after_retiring)
{
    uintptr_t pc[] = {0x1000, 0x2000, 0x3000};
    uint32_t old[3], ret[3];
    ck_assert(trace_extend(0, pc, 3, old));
    trace_retire(0x2000, 0x2001);
    ck_assert(trace_extend(0, pc, 3, ret));
    ck_assert_uint_eq(ret[2], old[2]);
    ck_assert_uint_ne(ret[1], old[1]);
    ck_assert_uint_ne(ret[0], old[0]);
    ck_assert(is_chain(ret[0], pc, 3) && is_chain(old[0], pc, 3));
    ck_assert(trace_extend(old[1], pc, 1, ret)); /* who knows it by its id keeps it */
    ck_assert_uint_eq(ret[0], old[0]);
}
END_TEST

/* Stacks that agree as far as they are shown are one. */
START_TEST(cut_stacks)
{
    uintptr_t pc[40], other[40];
    for (size_t i = 0; i < 40; i++)
        pc[i] = other[i] = 0x1000 + i;
    for (size_t shown = 1; shown < 40; shown++) {
        uint32_t a = trace_intern(pc, 40);
        other[shown] = 0x2000; /* the first one that is not shown */
        uint32_t b = trace_intern(other, 40), c = trace_intern(pc, shown + 1);
        other[shown] = pc[shown];
        size_t stacks = trace_count();
        uint32_t cut = trace_cut(a, shown);
        ck_assert_uint_ne(a, b);
        ck_assert(is_chain(cut, pc, shown));
        ck_assert_uint_eq(trace_cut(a, shown), cut);
        ck_assert_uint_eq(trace_cut(b, shown), cut);
        ck_assert_uint_eq(trace_cut(c, shown), cut);
        ck_assert_uint_eq(trace_cut(cut, shown), cut);
        ck_assert_uint_eq(trace_count(), stacks); /* nobody allocated there */
        ck_assert_uint_ne(trace_cut(b, shown + 1), trace_cut(a, shown + 1));
        ck_assert_uint_eq(trace_intern(pc, shown), cut);
    }
    uint32_t whole = trace_intern(pc, 40);
    ck_assert_uint_eq(trace_cut(whole, 40), whole); /* no more than shown */
    ck_assert_uint_eq(trace_cut(whole, 256), whole);
}
END_TEST

START_TEST(cut_what_is_no_stack)
{
    for (uint32_t id = 0; id <= TRACE_UNKNOWN; id++)
        ck_assert_uint_eq(trace_cut(id, 1), id);
}
END_TEST

START_TEST(cut_without_memory)
{
    uintptr_t pc[] = {0x7001, 0x7002, 0x7003}, deep[] = {0x7001, 0x7002, 0x7004};
    uint32_t id = trace_intern(pc, 3), other = trace_intern(deep, 3), cut = trace_cut(id, 2);
    unit_capture();
    stub_allow_left = 0;
    for (unsigned n = 0; intern(n);)
        n++;
    ck_assert_uint_eq(trace_cut(id, 1), id);     /* nowhere to put it */
    ck_assert_uint_eq(trace_cut(other, 2), cut); /* it is there */
    stub_allow_left = -1;
    unit_captured();
}
END_TEST

/* What was unloaded keeps its module, and is not taken for what came in its place. */
START_TEST(cut_retired_stacks)
{
    uintptr_t pc[] = {0x1000, 0x2000, 0x3000}, other[] = {0x1000, 0x2000, 0x4000};
    uint32_t a = trace_intern(pc, 3), b = trace_intern(other, 3), now = module_now();
    trace_retire(0x2000, 0x2001);
    uint32_t c = trace_intern(pc, 3), cut = trace_cut(a, 2), id = cut;
    struct trace_frame f;
    ck_assert(is_chain(cut, pc, 2));
    ck_assert_uint_eq(trace_cut(b, 2), cut);
    ck_assert_uint_ne(trace_cut(c, 2), cut);
    ck_assert(trace_next(&id, &f) && trace_next(&id, &f));
    ck_assert_uint_eq(f.pc, 0x2000);
    ck_assert_uint_eq(f.module_time, now);
    trace_retire(0x2000, 0x2001); /* again: that of the first time stays */
    id = cut;
    ck_assert(trace_next(&id, &f) && trace_next(&id, &f));
    ck_assert_uint_eq(f.module_time, now);
    ck_assert_uint_eq(length(cut), 2);
}
END_TEST

/* Also when many others have come in between. */
START_TEST(cut_retired_stacks_among_many)
{
    uintptr_t pc[] = {0x1000, 0x2000, 0x3000}, other[] = {0x1000, 0x2000, 0x4000};
    uint32_t a = trace_intern(pc, 3), b = trace_intern(other, 3);
    trace_retire(0x2000, 0x2001);
    uint32_t cut = trace_cut(a, 2);
    for (unsigned n = 0; n < 5000; n++)
        intern(n);
    ck_assert_uint_eq(trace_cut(a, 2), cut);
    ck_assert_uint_eq(trace_cut(b, 2), cut);
}
END_TEST

/* --- Parents of many ---------------------------------------------------------------------------- */

enum { WIDE = 1000, LIST_MOST = 8, FAN = 16 };

static uint32_t intern_child(uintptr_t parent, uintptr_t child)
{
    return trace_intern((uintptr_t[]){child, parent}, 2);
}

static bool is_child(uint32_t id, uintptr_t parent, uintptr_t child)
{
    return is_chain(id, (uintptr_t[]){child, parent}, 2);
}

/* Of a frame, and of none; each with a child of its own. */
START_TEST(a_thousand_children)
{
    static uint32_t ids[2][WIDE];
    uint32_t parent = 0, least = UINT32_MAX, most = 0;
    ck_assert(trace_extend(0, (uintptr_t[]){0x3000}, 1, &parent));
    for (int again = 0; again < 2; again++)
        for (uintptr_t i = 0; i < WIDE; i++)
            for (int wide = 0; wide < 2; wide++) {
                uintptr_t pc[] = {0x700000 + i, 0x500000 + 16 * i, 0x3000};
                uint32_t ret[2], outer;
                struct trace_frame f;
                REQUIRE(trace_extend(wide ? parent : 0, pc, 2, ret));
                REQUIRE(is_chain(ret[0], pc, 2 + (size_t)wide));
                REQUIRE(is_chain(ret[1], pc + 1, 1 + (size_t)wide));
                REQUIRE(!again || ids[wide][i] == ret[0]);
                ids[wide][i] = outer = ret[0];
                REQUIRE(trace_next(&outer, &f) && outer == ret[1]);
                REQUIRE(trace_next(&outer, &f) && outer == (wide ? parent : 0));
                least = ret[0] < least ? ret[0] : least;
                most = ret[0] > most ? ret[0] : most;
            }
    ck_assert_uint_eq(trace_count(), 2 * WIDE + 1);
    ck_assert_uint_lt(most - least, 4 * WIDE + 4 * WIDE); /* with the fans */
}
END_TEST

/* The ninth goes to a fan, as does the ninth of one of that fan's lists. */
START_TEST(lists_are_short)
{
    uint32_t before = 0;
    unsigned fans = 0;
    for (uintptr_t i = 0; i < 17 * LIST_MOST + 1; i++) {
        uint32_t id = intern_child(0x3000, 0x500000 + i);
        REQUIRE(!before || id == before + 1 || id == before + 1 + FAN);
        fans += before && id != before + 1;
        if (i == LIST_MOST - 1)
            ck_assert_uint_eq(fans, 0);
        if (i == LIST_MOST)
            ck_assert_uint_eq(fans, 1);
        before = id;
    }
    ck_assert_uint_ge(fans, 2);
    ck_assert_uint_le(fans, 17);
}
END_TEST

/* Who finds takes no lock: here it is taken. */
START_TEST(found_without_the_lock)
{
    uint32_t ids[WIDE];
    for (uintptr_t i = 0; i < WIDE; i++)
        ids[i] = intern_child(0x3000, 0x5000 + i);
    uint32_t often = intern_child(0x3000, 0x9000);
    for (int i = 0; i < 200; i++) { /* in fans of fans */
        trace_retire(0x9000, 0x9001);
        often = intern_child(0x3000, 0x9000);
    }
    lock_take(LOCK_TRACES);
    for (uintptr_t i = 0; i < WIDE; i++)
        REQUIRE(intern_child(0x3000, 0x5000 + i) == ids[i]);
    REQUIRE(intern_child(0x3000, 0x9000) == often);
    lock_release(LOCK_TRACES);
}
END_TEST

START_TEST(a_stack_stays_one_with_children)
{
    uintptr_t pc[] = {1, 2, 3};
    for (size_t frames = 1; frames <= 3; frames++)
        trace_intern(pc + 3 - frames, frames);
    for (size_t frames = 1; frames <= 3; frames++)
        trace_intern(pc + 3 - frames, frames);
    ck_assert_uint_eq(trace_count(), 3);
}
END_TEST

/* Found in the order in which they came, in the other one, and when more come between. */
START_TEST(children_in_any_order)
{
    for (uintptr_t count = 1; count <= 40; count++)
        for (int down = 0; down < 2; down++) {
            uint32_t ids[40];
            uintptr_t parent = 0x3000 + 2 * count + (uintptr_t)down;
            for (uintptr_t i = 0; i < count; i++) {
                uintptr_t child = 0x5000 + (down ? count - i : i);
                ids[i] = intern_child(parent, child);
                REQUIRE(is_child(ids[i], parent, child));
            }
            for (uintptr_t i = 0; i < 2 * count; i++) {
                uintptr_t at = i < count ? i : 2 * count - 1 - i;
                REQUIRE(intern_child(parent, 0x5000 + (down ? count - at : at)) == ids[at]);
            }
        }
}
END_TEST

/* A plugin is called from many places, is unloaded, and comes again at the same address. */
START_TEST(children_are_retired)
{
    static uint32_t first[WIDE], last[WIDE];
    uint32_t parent, outer;
    struct trace_frame f;
    ck_assert(trace_extend(0, (uintptr_t[]){0x3000}, 1, &parent));
    for (int round = 0; round < 20; round++) {
        for (uintptr_t i = 0; i < WIDE / 10; i++) {
            uint32_t id = intern_child(0x3000, 0x5000 + i);
            REQUIRE(id != last[i] || (i >= 50 && round));
            REQUIRE(is_child(id, 0x3000, 0x5000 + i));
            REQUIRE(intern_child(0x3000, 0x5000 + i) == id);
            first[i] = round ? first[i] : id;
            last[i] = id;
        }
        trace_retire(0x5000, 0x5000 + 50);
        for (uintptr_t i = 0; i < WIDE / 10; i++) {
            outer = first[i];
            REQUIRE(is_child(first[i], 0x3000, 0x5000 + i) &&
                    is_child(last[i], 0x3000, 0x5000 + i));
            REQUIRE(trace_next(&outer, &f) && outer == parent);
        }
    }
    trace_retire(0x3000, 0x3001);
    for (uintptr_t i = 0; i < WIDE / 10; i++) {
        uint32_t id = intern_child(0x3000, 0x5000 + i);
        outer = id;
        REQUIRE(id != first[i] && id != last[i] && is_child(last[i], 0x3000, 0x5000 + i));
        REQUIRE(trace_next(&outer, &f) && outer != parent);
    }
}
END_TEST

/* There is room for some nodes, but not for a fan. */
START_TEST(no_memory_for_a_fan)
{
    uint32_t ids[LIST_MOST], id = 0, end;
    for (uintptr_t i = 0; i < LIST_MOST; i++)
        ids[i] = intern_child(0x3000, 0x5000 + i);
    unit_capture();
    stub_allow_left = 0;
    end = (uint32_t)((space.traces.ready - space.traces.begin) / 16);
    uintptr_t pc = 0x10000;
    do
        REQUIRE(trace_extend(id, &pc, 1, &id)); /* one below the other */
    while (pc++, id + FAN < end);
    for (int round = 0; round < 2; round++) {
        ck_assert_uint_eq(intern_child(0x3000, 0x6000), 0);
        for (uintptr_t i = 0; i < LIST_MOST; i++)
            ck_assert_uint_eq(intern_child(0x3000, 0x5000 + i), ids[i]);
    }
    ck_assert(trace_extend(id, &pc, 1, &id));
    stub_allow_left = -1;
    id = intern_child(0x3000, 0x6000);
    ck_assert(is_child(id, 0x3000, 0x6000));
    ck_assert_uint_eq(intern_child(0x3000, 0x6000), id);
    unit_captured();
}
END_TEST

/* --- Threads ---------------------------------------------------------------------------------- */

enum { THREADS = 4, STACKS = UNIT_TSAN ? 2000 : 20000 };
static uint32_t seen[THREADS][STACKS];

static void intern_all(void *unused, unsigned number)
{
    uint64_t seed = unit_seed(number + 1000);
    (void)unused;
    for (unsigned round = 0; round < 2 * STACKS; round++) {
        unsigned n = round < STACKS ? (unsigned)unit_below(&seed, STACKS) : round - STACKS;
        uint32_t id = intern(n);
        REQUIRE(is_stack(id, n));
        REQUIRE(!seen[number][n] || seen[number][n] == id);
        seen[number][n] = id;
    }
}

START_TEST(all_threads_agree)
{
    unit_threads(THREADS, intern_all, NULL);
    for (unsigned n = 0; n < STACKS; n++)
        for (int t = 1; t < THREADS; t++)
            REQUIRE(seen[t][n] == seen[0][n]);
    ck_assert_uint_eq(trace_count(), STACKS);
}
END_TEST

/* Thousands of short threads, in waves. */
static void intern_some(void *arg, unsigned number)
{
    unsigned wave = *(unsigned *)arg;
    for (unsigned n = 0; n < 50; n++)
        REQUIRE(is_stack(intern((wave * 16 + number) * 25 + n), (wave * 16 + number) * 25 + n));
}

START_TEST(thousands_of_threads)
{
    unsigned waves = UNIT_TSAN ? 20 : 125;
    for (unsigned wave = 0; wave < waves; wave++)
        unit_threads(16, intern_some, &wave);
    ck_assert_uint_eq(trace_count(), (waves * 16 - 1) * 25 + 50);
}
END_TEST

/* A module is unloaded while the others go on allocating. */
static void intern_or_retire(void *unused, unsigned number)
{
    (void)unused;
    for (unsigned i = 0; i < STACKS / 4; i++) {
        if (number == 0 && i % 50 == 0)
            trace_retire(0x400000, 0x400001 + i % 400);
        else
            REQUIRE(is_stack(intern(i % 500), i % 500));
    }
}

START_TEST(retiring_meanwhile)
{
    unit_threads(THREADS, intern_or_retire, NULL);
}
END_TEST

/* All want the same new children of the same parent at the same time. */
struct race {
    pthread_barrier_t barrier;
    uint32_t ids[THREADS][WIDE];
};

static void intern_same(void *arg, unsigned number)
{
    struct race *race = arg;
    for (uintptr_t round = 0; round < (UNIT_TSAN ? 5 : 50); round++) {
        pthread_barrier_wait(&race->barrier);
        for (uintptr_t n = 0; n < WIDE / 5; n++) {
            uintptr_t i = number % 2 ? WIDE / 5 - 1 - n : n; /* they meet in the middle */
            uint32_t id = intern_child(0x3000 + round, 0x5000 + i);
            REQUIRE(is_child(id, 0x3000 + round, 0x5000 + i));
            race->ids[number][i] = id;
        }
        pthread_barrier_wait(&race->barrier);
        for (uintptr_t i = 0; i < WIDE / 5; i++)
            REQUIRE(race->ids[number][i] == race->ids[0][i]);
        pthread_barrier_wait(&race->barrier);
    }
}

START_TEST(the_same_children_at_once)
{
    static struct race race;
    pthread_barrier_init(&race.barrier, NULL, THREADS);
    unit_threads(THREADS, intern_same, &race);
    ck_assert_uint_eq(trace_count(), (UNIT_TSAN ? 5 : 50) * (WIDE / 5));
}
END_TEST

Suite *suite_trace(void)
{
    Suite *s = suite_create("trace");
    TCase *c = unit_case(s, "trace");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, equal_stacks_have_one_id);
    tcase_add_test(c, order_and_length_matter);
    tcase_add_test(c, longest_stack);
    tcase_add_test(c, ids_that_are_no_stack);
    tcase_add_test(c, retired_traces_are_kept_but_not_matched);
    tcase_add_test(c, of_loader);
    tcase_add_test(c, outer_frames_are_shared);
    tcase_add_test(c, any);
    tcase_add_test(c, no_memory_stops_recording_once);
    c = unit_case(s, "trace_parts");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, extended_is_as_stored_whole);
    tcase_add_test(c, extended_by_nothing);
    tcase_add_test(c, extended_without_memory);
    tcase_add_test(c, extended_after_retiring);
    tcase_add_test(c, cut_stacks);
    tcase_add_test(c, cut_what_is_no_stack);
    tcase_add_test(c, cut_without_memory);
    tcase_add_test(c, cut_retired_stacks);
    tcase_add_test(c, cut_retired_stacks_among_many);
    c = unit_case(s, "trace_wide");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, a_thousand_children);
    tcase_add_test(c, lists_are_short);
    tcase_add_test(c, found_without_the_lock);
    tcase_add_test(c, a_stack_stays_one_with_children);
    tcase_add_test(c, children_in_any_order);
    tcase_add_test(c, children_are_retired);
    tcase_add_test(c, no_memory_for_a_fan);
    c = unit_case_threads(s, "trace_threads");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, all_threads_agree);
    tcase_add_test(c, the_same_children_at_once);
    tcase_add_test(c, thousands_of_threads);
    tcase_add_test(c, retiring_meanwhile);
    return s;
}
