/* SPDX-License-Identifier: MIT
 *
 * The short ways of alloc.h, alloc_quick and alloc_quick_free: the same as the long ways, refusals,
 * and the lists of heap.c that they move slabs between.
 *
 * Over 600 lines because the ways that an allocation goes are told apart by what stands here first. */
#include <errno.h>
#include <sys/mman.h>

#include "../../preload/alloc.h"
#include "../../preload/cage.h"
#include "../../preload/capture.h"
#include "../../preload/options.h"
#include "../../preload/trace.h"
#include "unit.h"

/* The way that alloc_quick went. It goes on by itself: these two stand before alloc_follow and
 * alloc_new for the test program (--wrap), see what they are asked for, and refuse if told to. */
enum way { WAY_QUICK, WAY_FOLLOW, WAY_NEW };
static __thread enum way way;
static __thread bool quick_only;
static __thread struct {
    size_t bytes, align;
    bool zero;
    const uintptr_t *frame;
} asked;

void *__real_alloc_new(size_t bytes, size_t align, bool zero, const uintptr_t *frame);
void *__real_alloc_follow(size_t bytes, bool zero, const uintptr_t *frame, struct stack_hint hint);
void *__wrap_alloc_new(size_t bytes, size_t align, bool zero, const uintptr_t *frame);
void *__wrap_alloc_follow(size_t bytes, bool zero, const uintptr_t *frame, struct stack_hint hint);

void *__real_alloc_refill(size_t bytes, bool zero, const uintptr_t *frame);
void *__wrap_alloc_refill(size_t bytes, bool zero, const uintptr_t *frame);

void *__wrap_alloc_refill(size_t bytes, bool zero, const uintptr_t *frame)
{
    way = WAY_NEW;
    asked = (__typeof__(asked)){bytes, ALIGN_LEAST, zero, frame};
    return quick_only ? NULL : __real_alloc_refill(bytes, zero, frame);
}

void *__wrap_alloc_new(size_t bytes, size_t align, bool zero, const uintptr_t *frame)
{
    way = WAY_NEW;
    asked = (__typeof__(asked)){bytes, align, zero, frame};
    return quick_only ? NULL : __real_alloc_new(bytes, align, zero, frame);
}

void *__wrap_alloc_follow(size_t bytes, bool zero, const uintptr_t *frame, struct stack_hint hint)
{
    way = WAY_FOLLOW;
    asked = (__typeof__(asked)){bytes, ALIGN_LEAST, zero, frame};
    return quick_only ? NULL : __real_alloc_follow(bytes, zero, frame, hint);
}

/* Stands for malloc and calloc. */
static __thread const uintptr_t *entered;
__attribute__((noinline)) static void *enter_as(size_t bytes, bool zero)
{
    way = WAY_QUICK;
    entered = CAPTURE_FRAME;
    void *p = alloc_quick(bytes, zero, CAPTURE_FRAME);
    __asm__ volatile("" : : : "memory");
    return p;
}

#define enter(bytes) enter_as(bytes, false)

/* The same block by the two ways; that of the second is in `way`. */
__attribute__((noinline)) static void enter_twice(size_t bytes, bool zero, void *ret[2])
{
    ret[0] = __real_alloc_new(bytes, ALIGN_LEAST, zero, CAPTURE_FRAME);
    way = WAY_QUICK;
    ret[1] = alloc_quick(bytes, zero, CAPTURE_FRAME);
    __asm__ volatile("" : : : "memory");
}

static struct block block_at(const void *p)
{
    struct block b;
    REQUIRE(alloc_find((uintptr_t)p, &b));
    return b;
}

static struct heap *mine(void)
{
    return thread_current()->heap;
}

/* --- Allocating ------------------------------------------------------------------------------- */

START_TEST(the_same_record)
{
    void *p[2];
    clock_advance();
    for (size_t bytes = 0; bytes <= SIZECLASS_QUICK; bytes++) {
        enter_twice(bytes, bytes % 2, p);
        if (way !=
            WAY_QUICK) /* the slab was full, or the stack new: the long way has seen to that */
            enter_twice(bytes, bytes % 2, p);
        REQUIRE_MSG(p[1] && way == WAY_QUICK, "%zu", bytes);
        struct block a = block_at(p[0]), b = block_at(p[1]);
        REQUIRE_MSG(a.record == b.record && b.bytes == bytes, "%zu", bytes);
        REQUIRE(p[1] == (void *)b.begin && a.begin != b.begin && a.slab == b.slab);
        REQUIRE(record_trace(b.record) > 2 && !record_is_root(b.record) && record_birth(b.record));
        for (size_t i = 0; bytes % 2 && i < bytes; i++)
            REQUIRE(((char *)p[1])[i] == 0);
        memset(p[1], 0xee, bytes);
        if (bytes % 3)
            REQUIRE(alloc_quick_free(p[1]));
    }
    ck_assert(heap_is_valid(mine()));
}
END_TEST

/* A slot used before is zeroed if asked; one that is new is zero. */
START_TEST(zeroed_if_used_before)
{
    void *p[2];
    for (int i = 0; i < 2; i++)
        enter_twice(100, true, p);
    ck_assert_int_eq(way, WAY_QUICK);
    struct slab *s = block_at(p[1]).slab;
    ck_assert(s->zeroed);
    for (int i = 0; i < 6; i++) {
        unsigned char *before = p[1];
        memset(p[1], 1, 100);
        ck_assert(alloc_quick_free(p[1]));
        ck_assert(alloc_quick_free(p[0]));
        enter_twice(100, i % 2, p);
        ck_assert_ptr_eq(p[1], before);
        ck_assert_int_eq(way, WAY_QUICK);
        for (int j = 0; j < 100; j++)
            REQUIRE(before[j] == (i % 2 ? 0 : 1));
    }
    char *next[2] = {NULL, NULL}; /* it is not touched */
    next[0] = (char *)slab_slot(s, s->free);
    next[1] = (char *)slab_slot(s, record_next(s->records[s->free]));
    next[1][50] = 7;
    enter_twice(100, true, p);
    ck_assert_int_eq(way, WAY_QUICK);
    ck_assert(p[0] == next[0] && p[1] == next[1]);
    ck_assert_int_eq(next[1][50], 7);
}
END_TEST

/* Two places to be called from, at one depth: the stacks differ only further out than malloc's caller. */
__attribute__((noinline)) static char *enter_zeroed(void)
{
    char *p = enter_as(100, true);
    __asm__ volatile("" : : : "memory");
    return p;
}

static char *enter_from(unsigned place)
{
    char *p;
    if (place == 0) {
        p = enter_zeroed();
        __asm__ volatile("# 0" : : : "memory");
    } else {
        p = enter_zeroed();
        __asm__ volatile("# 1" : : : "memory");
    }
    return p;
}

static void free_dirty(char *p)
{
    memset(p, 1, 100);
    alloc_free(p, unit_frame);
}

START_TEST(the_way_of_a_branch)
{
    const struct stack_cache *c = &thread_current()->stacks;
    record of[2] = {0, 0};
    char *dirty = enter(100);
    for (int round = 0; round < 4; round++) {
        free_dirty(dirty);
        uint32_t hits = c->hits, learned = c->learned;
        dirty = enter_from(round % 2);
        for (int j = 0; j < 100; j++)
            REQUIRE(dirty[j] == 0);
        struct block b = block_at(dirty);
        ck_assert_int_eq(way, round == 2 ? WAY_QUICK : WAY_FOLLOW);
        ck_assert_int_eq(c->hits - hits, round > 1);
        ck_assert_int_eq(c->learned - learned, round < 2);
        if (round > 1)
            ck_assert_uint_eq(record_trace(b.record), record_trace(of[round % 2]));
        of[round % 2] = b.record;
    }
    ck_assert_uint_ne(record_trace(of[0]), record_trace(of[1]));
}
END_TEST

/* Puts the thread into a state in which the short way must not be taken, and back. Out of line, so
 * that the compiler makes no second call of enter_if, from another place. */
static struct thread *myself;

__attribute__((noinline)) static void begin_state(unsigned what)
{
    if (what == 1)
        lock_take(LOCK_META);
    myself->internal = what == 2;
    myself->disabled = what == 3;
    thread_self = what == 4 ? NULL : what == 5 ? THREAD_LEFT : myself;
}

__attribute__((noinline)) static void end_state(unsigned what)
{
    if (what == 1)
        lock_release(LOCK_META);
    thread_self = myself;
    myself->special = 0;
}

START_TEST(allocations_that_it_refuses)
{
    static const size_t bytes[] = {
        100,  100,      100,           100,        100, 100, SIZECLASS_QUICK + 1,
        2000, SIZE_MAX, SIZE_MAX - 14, PTRDIFF_MAX};
    myself = thread_current();
    for (unsigned i = 0; i < 22; i++) {
        unsigned what = i % 2 ? i / 2 : 0; /* by turns with the control */
        bool zero = i / 2 % 2;
        uint64_t hits = myself->stacks.hits;
        quick_only = what != 0;
        begin_state(what);
        void *p = enter_as(bytes[what], zero);
        end_state(what);
        REQUIRE_MSG(i < 2 || (way == WAY_QUICK) == (what == 0), "case %u", what);
        REQUIRE_MSG((p != NULL) == (what == 0), "case %u", what);
        if (what == 0)
            continue;
        REQUIRE_MSG(way == WAY_NEW && myself->stacks.hits == hits, "case %u", what);
        REQUIRE_MSG(asked.bytes == bytes[what] && asked.align == ALIGN_LEAST, "case %u", what);
        REQUIRE_MSG(asked.zero == zero && asked.frame == entered, "case %u", what);
    }
}
END_TEST

/* What comes of these. */
START_TEST(refused_by_the_short_way_only)
{
    myself = thread_current();
    for (unsigned what = 0; what < 4; what++) {
        begin_state(what);
        errno = 0;
        void *p = enter(100);
        int error = errno;
        end_state(what);
        ck_assert_int_eq(error, what == 1 ? ENOMEM : 0);
        ck_assert_int_eq(p == NULL, what == 1);
        if (what == 1)
            continue;
        record r = block_at(p).record;
        ck_assert_int_eq(record_is_root(r), what != 0);
        ck_assert_int_eq(record_trace(r) == TRACE_INTERNAL, what == 2);
    }
    ck_assert_uint_eq(block_at(enter(2000)).bytes, 2000);
    ck_assert_ptr_null(enter(SIZE_MAX));
}
END_TEST

/* A stack that is new is walked on the way; the long way is taken while the slab has no room. */
START_TEST(until_it_is_known)
{
    const struct stack_cache *c = &thread_current()->stacks;
    for (int i = 0; i < 3; i++) {
        uint32_t hits = c->hits;
        enter(100);
        ck_assert_int_eq(way, i ? WAY_QUICK : WAY_FOLLOW);
        ck_assert_int_eq(c->hits - hits, i > 0);
    }
    unsigned slow = 0;
    for (int i = 0; i < 3000; i++) {
        struct slab *s = mine()->current[sizeclass_of(100)];
        bool room = s->free != SLOT_END;
        REQUIRE(enter(100));
        if (i)
            REQUIRE(way == (room ? WAY_QUICK : WAY_NEW));
        slow += way != WAY_QUICK;
    }
    ck_assert_uint_gt(slow, 10);
    ck_assert_uint_lt(slow, 300);
}
END_TEST

/* --- Freeing ---------------------------------------------------------------------------------- */

/* Refused, and nothing has changed. */
static void refuses(void *p, const char *what)
{
    struct slab *s = mine()->current[sizeclass_of(100)], before = *s;
    REQUIRE_MSG(!alloc_quick_free(p), "%s", what);
    REQUIRE_MSG(!memcmp(s, &before, sizeof before), "%s", what);
    REQUIRE_MSG(heap_is_valid(mine()), "%s", what);
}

START_TEST(frees_that_it_refuses)
{
    char *p = enter(100);
    char *freed = enter(100);
    char *large = enter(100000);
    void *from_libc = malloc(100);
    struct block b = block_at(p);
    ck_assert(alloc_quick_free(freed));
    refuses(freed, "double free");
    refuses(NULL, "NULL");
    refuses(&b, "the stack");
    refuses(from_libc, "libc's");
    refuses((void *)space.cage.begin, "slice 0");
    refuses((void *)(space.cage.ready - 16), "never used");
    refuses((void *)space.cage.ready, "not ready");
    refuses((void *)UINTPTR_MAX, "-1");
    refuses(large, "large");
    refuses(large + 16, "inside a large block");
    for (int i = 1; i < 112; i++)
        refuses(p + i, "interior");
    b.slab->records[b.slab->fresh] = record_make(77, 0); /* of whoever had the memory before */
    refuses((void *)slab_slot(b.slab, b.slab->fresh), "fresh");
    refuses((void *)slab_slot(b.slab, b.slab->slots), "behind the last slot");
    ck_assert(alloc_find((uintptr_t)p, &b)); /* still there */
    lock_take(LOCK_CHECK);
    refuses(p, "in a critical section");
    lock_release(LOCK_CHECK);
    struct thread *saved = thread_self;
    thread_self = NULL;
    bool done = alloc_quick_free(p);
    thread_self = THREAD_LEFT;
    done |= alloc_quick_free(p);
    thread_self = saved;
    ck_assert(!done);
    ck_assert(alloc_quick_free(p)); /* the control */
    ck_assert(!alloc_find((uintptr_t)p, &b));
    free(from_libc);
}
END_TEST

START_TEST(another_thread_s_block)
{
    bool unused;
    struct heap *other = heap_open(9);
    void *p = heap_alloc(other, sizeclass_of(100), 100, record_make(77, 0), &unused);
    enter(100);
    refuses(p, "another heap's");
    heap_close(other);
    refuses(p, "an orphan's");
    struct thread *self = thread_current();
    struct heap *saved = self->heap;
    self->heap = heap_open(10); /* a new thread's, in the place of the old one */
    ck_assert_ptr_eq(self->heap, other);
    bool done = alloc_quick_free(p);
    self->heap = saved;
    ck_assert(!done);
    ck_assert(record_is_live(block_at(p).record));
}
END_TEST

/* Frees that have more to do: the trace of the free, the thread of the block. */
START_TEST(slabs_with_more_to_do)
{
    bool unused;
    options.free_stacks = true;
    void *p = enter(100);
    refuses(p, "free_stacks");
    alloc_free(p, unit_frame);
    options.free_stacks = false;
    struct heap *other = heap_open(9);
    void *q = heap_alloc(other, sizeclass_of(500), 500, record_make(77, 0), &unused);
    heap_close(other);
    p = enter(500); /* adopts */
    struct block b = block_at(q);
    ck_assert_ptr_eq(b.slab, block_at(p).slab);
    ck_assert_ptr_eq(b.slab->owner, mine());
    refuses(p, "adopted with blocks of another thread");
    ck_assert_uint_eq(slab_thread_of(b.slab, b.index), 9);
    alloc_free(q, unit_frame);
    ck_assert_uint_eq(slab_thread_of(b.slab, b.index), 0);
    ck_assert(heap_is_valid(mine()));
}
END_TEST

START_TEST(after_fork_other_slabs_are_not_mine)
{
    bool unused;
    struct heap *other = heap_open(9);
    void *p = heap_alloc(other, sizeclass_of(100), 100, record_make(77, 0), &unused);
    lock_take_all(LOCK_CHECK);
    heap_after_fork(mine());
    lock_release_all(LOCK_CHECK);
    ck_assert_ptr_null(block_at(p).slab->local);
    struct thread *self = thread_current();
    struct heap *saved = self->heap;
    self->heap = other;
    bool done = alloc_quick_free(p);
    self->heap = saved;
    ck_assert(!done);
}
END_TEST

/* --- Lists ------------------------------------------------------------------------------------ */

enum { SLOTS = 64, BYTES = 1024 }; /* of a slab of this class */

static void *blocks[3 * SLOTS];
static struct slab *slabs[3];

/* Three slabs: two full, the third in use with one free slot. */
static void fill_three(void)
{
    bool unused;
    for (int i = 0; i < 3 * SLOTS - 1; i++)
        blocks[i] = heap_alloc(mine(), sizeclass_of(BYTES), BYTES, record_make(77, 0), &unused);
    for (int i = 0; i < 3; i++)
        slabs[i] = block_at(blocks[i * SLOTS]).slab;
    REQUIRE(slabs[0]->slots == SLOTS && slabs[0]->in_full && slabs[1]->in_full);
    REQUIRE(mine()->current[sizeclass_of(BYTES)] == slabs[2] && !slabs[2]->in_full);
}

static void quick_free(int i)
{
    REQUIRE_MSG(alloc_quick_free(blocks[i]), "block %d", i);
    REQUIRE_MSG(heap_is_valid(mine()) && cage_is_valid(), "block %d", i);
}

START_TEST(a_full_slab_comes_back_with_its_first_free)
{
    fill_three();
    ck_assert_uint_eq(slabs[0]->slow_at, SLOTS - 1);
    ck_assert_uint_eq(slabs[2]->slow_at, SLAB_NEVER);
    quick_free(5);
    ck_assert(!slabs[0]->in_full);
    ck_assert_uint_eq(slabs[0]->remote, REMOTE_EMPTY);
    ck_assert_uint_eq(slabs[0]->slow_at, 0);
    ck_assert_ptr_eq(mine()->current[sizeclass_of(BYTES)], slabs[2]); /* stays in use */
    ck_assert_ptr_eq(slabs[2]->next, slabs[0]);
    ck_assert(slabs[1]->in_full);
}
END_TEST

START_TEST(a_spare_slab_goes_back_when_it_is_empty)
{
    fill_three();
    size_t mapped = cage_stats().mapped_bytes;
    for (int i = 0; i < SLOTS - 1; i++)
        quick_free((i * 7) % SLOTS);
    ck_assert_uint_eq(cage_stats().mapped_bytes, mapped);
    ck_assert_uint_eq(slabs[0]->used, 1);
    quick_free((SLOTS - 1) * 7 % SLOTS);
    ck_assert_uint_eq(cage_stats().mapped_bytes, mapped - SLICE_BYTES);
    ck_assert_uint_eq(slabs[0]->kind, SLAB_FREE);
    struct slab before = *slabs[0];
    before.records[3] = record_make(77, 0);  /* its memory is somebody else's now */
    ck_assert(!alloc_quick_free(blocks[3])); /* a dangling pointer into the slab that is gone */
    ck_assert(!memcmp(&before, slabs[0], sizeof before));
}
END_TEST

START_TEST(the_slab_in_use_stays)
{
    fill_three();
    for (int i = 2 * SLOTS; i < 3 * SLOTS - 1; i++)
        quick_free(i);
    ck_assert_uint_eq(slabs[2]->used, 0);
    ck_assert_uint_eq(slabs[2]->kind, SLAB_SMALL);
    ck_assert_ptr_eq(mine()->current[sizeclass_of(BYTES)], slabs[2]);
}
END_TEST

/* A spare slab that gets into use is not given back any more; the one that was in use may be. */
START_TEST(from_spare_to_current)
{
    bool unused;
    fill_three();
    quick_free(0);
    quick_free(1);
    for (int i = 0; i < 2; i++) /* the last slot of the third, and the first of the first */
        REQUIRE(heap_alloc(mine(), sizeclass_of(BYTES), BYTES, record_make(77, 0), &unused));
    ck_assert(slabs[2]->in_full);
    ck_assert_uint_eq(slabs[2]->slow_at, SLOTS - 1);
    ck_assert_ptr_eq(mine()->current[sizeclass_of(BYTES)], slabs[0]);
    ck_assert_uint_eq(slabs[0]->slow_at, SLAB_NEVER);
    quick_free(2 * SLOTS);
    ck_assert(!slabs[2]->in_full);
    for (int i = 2; i < SLOTS; i++)
        quick_free(i);
    ck_assert_uint_eq(slabs[0]->kind, SLAB_SMALL);
    ck_assert(heap_is_valid(mine()));
}
END_TEST

/* Another thread was first to free into the full slab: it comes back on its way only. */
START_TEST(another_thread_was_first)
{
    bool unused;
    fill_three();
    heap_free(NULL, slabs[0], 3);
    ck_assert_ptr_eq(mine()->returned, slabs[0]);
    for (int i = 0; i < SLOTS; i++)
        if (i != 3)
            quick_free(i);
    ck_assert(slabs[0]->in_full); /* its counts are right, its list is not yet */
    ck_assert_uint_eq(slabs[0]->kind, SLAB_SMALL);
    size_t mapped = cage_stats().mapped_bytes;
    for (int i = 0; i < 2; i++)
        heap_alloc(mine(), sizeclass_of(BYTES), BYTES, record_make(77, 0), &unused);
    ck_assert_ptr_null(mine()->returned);
    ck_assert(heap_is_valid(mine()) && cage_is_valid());
    ck_assert_uint_le(cage_stats().mapped_bytes, mapped);
}
END_TEST

/* --- A model, and threads --------------------------------------------------------------------- */

enum { HELD = 2000 };

static void allocate_and_free(void *unused, unsigned number)
{
    static __thread struct {
        unsigned char *p;
        size_t bytes;
    } held[HELD];
    uint64_t seed = unit_seed(10000 + number);
    unsigned quick_ones = 0;
    (void)unused;
    thread_current();
    for (int step = 0; step < (UNIT_TSAN ? 20000 : 100000); step++) {
        size_t i = unit_below(&seed, HELD);
        if (held[i].p) {
            REQUIRE(held[i].p[0] == (unsigned char)i);
            REQUIRE(block_at(held[i].p).bytes == held[i].bytes);
            uintptr_t was = (uintptr_t)held[i].p;
            struct block gone;
            if (!unit_below(&seed, 3) || !alloc_quick_free(held[i].p))
                alloc_free(held[i].p, unit_frame);
            REQUIRE(!alloc_find(was, &gone));
            held[i].p = NULL;
        } else {
            held[i].bytes = 1 + unit_below(&seed, 1200);
            held[i].p = enter(held[i].bytes);
            quick_ones += way == WAY_QUICK;
            held[i].p[0] = (unsigned char)i;
        }
        if (step % 2000 == 0)
            REQUIRE(heap_is_valid(mine()));
    }
    REQUIRE(quick_ones > 1000);
}

START_TEST(model)
{
    allocate_and_free(NULL, (unsigned)_i);
    ck_assert(heap_is_valid(mine()) && cage_is_valid());
}
END_TEST

/* Each thread frees what others allocated, by the short way if that takes it (it must not). */
enum { THREADS = 4, EXCHANGED = 200 };
static void *exchange[EXCHANGED];

static void trade(void *unused, unsigned number)
{
    uint64_t seed = unit_seed(11000 + number);
    (void)unused;
    thread_current();
    for (int step = 0; step < (UNIT_TSAN ? 10000 : 100000); step++) {
        size_t bytes = 8 + unit_below(&seed, 1000);
        size_t *p = alloc_new(bytes, ALIGN_LEAST, false, unit_frame);
        *p = bytes;
        size_t *old =
            __atomic_exchange_n(&exchange[unit_below(&seed, EXCHANGED)], p, __ATOMIC_ACQ_REL);
        if (!old)
            continue;
        REQUIRE(alloc_bytes(old, unit_frame) == *old);
        if (!alloc_quick_free(old))
            alloc_free(old, unit_frame);
    }
    REQUIRE(heap_is_valid(mine()));
}

START_TEST(threads)
{
    thread_init();
    unit_threads(THREADS, trade, NULL);
    unit_threads(THREADS, trade, NULL); /* others, who adopt */
    for (int i = 0; i < EXCHANGED; i++)
        alloc_free(exchange[i], unit_frame);
    heap_release_orphans();
    ck_assert(cage_is_valid());
    ck_assert_uint_eq(alloc_stats().live_blocks, 0);
}
END_TEST

Suite *suite_quick(void)
{
    Suite *s = suite_create("quick");
    TCase *c = unit_case(s, "quick");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, the_same_record);
    tcase_add_test(c, zeroed_if_used_before);
    tcase_add_test(c, the_way_of_a_branch);
    tcase_add_test(c, allocations_that_it_refuses);
    tcase_add_test(c, refused_by_the_short_way_only);
    tcase_add_test(c, until_it_is_known);
    tcase_add_test(c, frees_that_it_refuses);
    tcase_add_test(c, another_thread_s_block);
    tcase_add_test(c, slabs_with_more_to_do);
    tcase_add_test(c, after_fork_other_slabs_are_not_mine);
    c = unit_case(s, "quick_lists");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, a_full_slab_comes_back_with_its_first_free);
    tcase_add_test(c, a_spare_slab_goes_back_when_it_is_empty);
    tcase_add_test(c, the_slab_in_use_stays);
    tcase_add_test(c, from_spare_to_current);
    tcase_add_test(c, another_thread_was_first);
    c = unit_case(s, "quick_model");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_loop_test(c, model, 0, 3);
    c = unit_case_threads(s, "quick_threads");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, threads);
    return s;
}
