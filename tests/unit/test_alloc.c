/* SPDX-License-Identifier: MIT
 *
 * alloc.h: I1 for all sizes and alignments, contents over resizing, errno (I6), no memory, and what
 * the error handler is told about each wrong call.
 *
 * Over 600 lines because every corner of the malloc family is a short test of its own. */
#include "../../preload/alloc.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../preload/cage.h"
#include "../../preload/heap.h"
#include "../../preload/meta.h"
#include "../../preload/options.h"
#include "../../preload/sizeclass.h"
#include "../../preload/thread.h"
#include "../../preload/trace.h"
#include "unit.h"

#define HERE ((const void *)0x1000)
#define FIRST_FREE ((const void *)0x2000)
#define SECOND_FREE ((const void *)0x3000)

static void *make(size_t bytes)
{
    return alloc_new(bytes, ALIGN_LEAST, false, HERE);
}

/* I1 for one block: each byte finds it, its neighbours' bytes do not. */
static void check_block(const void *p, size_t bytes, size_t align, size_t step)
{
    uintptr_t begin = (uintptr_t)p;
    size_t end = bytes ? bytes : 1;
    struct block b;
    REQUIRE_MSG(p != NULL, "%zu", bytes);
    REQUIRE_MSG(begin % align == 0 && begin % 16 == 0, "%zu aligned to %zu", bytes, align);
    for (size_t at = 0; at < end; at = at + step < end || at == end - 1 ? at + step : end - 1) {
        REQUIRE_MSG(alloc_find(begin + at, &b), "%zu of %zu", at, bytes);
        REQUIRE_MSG(b.begin == begin && b.bytes == bytes, "%zu of %zu", at, bytes);
        REQUIRE_MSG(record_is_live(b.record), "%zu of %zu", at, bytes);
    }
    REQUIRE_MSG(!alloc_find(begin - 1, &b) || b.begin != begin, "%zu", bytes);
    REQUIRE_MSG(!alloc_find(begin + end, &b) || b.begin != begin, "%zu", bytes);
}

static void check_gone(const void *p, size_t bytes, size_t step)
{
    struct block b;
    for (size_t at = 0; at < (bytes ? bytes : 1); at += step)
        REQUIRE_MSG(!alloc_find((uintptr_t)p + at, &b), "%zu of %zu", at, bytes);
}

START_TEST(every_byte_of_small_blocks)
{
    for (size_t bytes = 0; bytes <= 2200; bytes++) {
        void *p = make(bytes);
        check_block(p, bytes, 16, 1);
        ck_assert_uint_eq(alloc_bytes(p, HERE), bytes);
        if (bytes % 2) {
            alloc_free(p, HERE);
            check_gone(p, bytes, 1);
        }
    }
}
END_TEST

START_TEST(bytes_of_all_sizes)
{
    static const size_t primes[] = {3, 7, 13, 31, 61};
    for (size_t i = 0; i < sizeof primes / sizeof *primes; i++)
        for (size_t bytes = 0; bytes <= 70000; bytes += primes[i] * (UNIT_ASAN ? 3 : 1)) {
            void *p = make(bytes);
            check_block(p, bytes, 16, 241);
            alloc_free(p, HERE);
            check_gone(p, bytes, 241);
        }
}
END_TEST

START_TEST(all_alignments)
{
    static void *held[70000 / 97 + 2];
    for (size_t align = 16; align <= (size_t)8 << 20; align *= 2) {
        size_t count = 0;
        size_t step = align < 65536 ? 97 : 9973;
        for (size_t bytes = 0; bytes <= 70000; bytes += step) {
            void *p = held[count++] = alloc_new(bytes, align, false, HERE);
            check_block(p, bytes, align, 509);
        }
        for (size_t i = 0; i < count; i++)
            alloc_free(held[i], HERE);
    }
    struct heap *h = thread_current()->heap;
    ck_assert(heap_is_valid(h));
}
END_TEST

/* As all_alignments, in the one thing that only alignments above a slice bring out. */
START_TEST(the_cage_is_valid_after_aligned_blocks)
{
    for (size_t align = 16; align <= (size_t)1 << 20; align *= 2)
        alloc_new(100, align, false, HERE);
    ck_assert(cage_is_valid());
}
END_TEST

START_TEST(zeroed_when_asked)
{
    for (size_t bytes = 1; bytes <= 3000000; bytes = bytes * 5 / 3 + 1)
        for (int round = 0; round < 4; round++) {
            unsigned char *p = alloc_new(bytes, ALIGN_LEAST, true, HERE);
            for (size_t i = 0; i < bytes; i++)
                REQUIRE_MSG(p[i] == 0, "%zu of %zu, round %d", i, bytes, round);
            memset(p, 0xee, bytes);
            alloc_free(p, HERE);
        }
}
END_TEST

START_TEST(the_record_of_a_block)
{
    struct thread *self = thread_current();
    struct block b;
    void *p = make(100);
    ck_assert(alloc_find((uintptr_t)p, &b));
    const struct trace *t = trace_get(record_trace(b.record));
    ck_assert_uint_eq(t->frames, 1);
    ck_assert_uint_eq(t->pc[0], (uintptr_t)HERE);
    ck_assert(!record_is_root(b.record));
    self->disabled++;
    p = make(100);
    self->disabled--;
    ck_assert(alloc_find((uintptr_t)p, &b));
    ck_assert(record_is_root(b.record));
    self->internal++;
    p = make(100000);
    self->internal--;
    ck_assert(alloc_find((uintptr_t)p, &b));
    ck_assert(record_is_root(b.record));
    ck_assert_uint_eq(record_trace(b.record), TRACE_INTERNAL);
    options.enabled = false;
    p = make(100);
    ck_assert(alloc_find((uintptr_t)p, &b));
    ck_assert_uint_eq(record_trace(b.record), TRACE_UNKNOWN);
}
END_TEST

START_TEST(find_of_other_addresses)
{
    struct block b;
    int on_the_stack;
    void *from_libc = malloc(10);
    make(10);
    ck_assert(!alloc_find(0, &b));
    ck_assert(!alloc_find(UINTPTR_MAX, &b));
    ck_assert(!alloc_find((uintptr_t)&on_the_stack, &b));
    ck_assert(!alloc_find((uintptr_t)from_libc, &b));
    ck_assert(!alloc_find(space.cage.begin, &b));
    ck_assert(!alloc_find(space.cage.ready - 1, &b));
    ck_assert(!alloc_find(space.cage.ready, &b));
    ck_assert(!alloc_find(space.meta.begin, &b));
    free(from_libc);
}
END_TEST

/* --- Resizing --------------------------------------------------------------------------------- */

static unsigned char at(size_t i)
{
    return (unsigned char)(i * 131 + (i >> 8) + 7);
}

static void fill(unsigned char *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        p[i] = at(i);
}

static bool is_kept(const unsigned char *p, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (p[i] != at(i))
            return false;
    return true;
}

static void resize_steps(const size_t *sizes, size_t count)
{
    unsigned char *p = NULL;
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        p = alloc_resize(p, sizes[i], HERE);
        REQUIRE_MSG(p && (uintptr_t)p % 16 == 0, "%zu to %zu", last, sizes[i]);
        REQUIRE_MSG(is_kept(p, last < sizes[i] ? last : sizes[i]), "%zu to %zu", last, sizes[i]);
        REQUIRE_MSG(alloc_bytes(p, HERE) == sizes[i], "%zu to %zu", last, sizes[i]);
        check_block(p, sizes[i], 16, 1021);
        fill(p, 0, sizes[i]);
        last = sizes[i];
    }
    alloc_free(p, HERE);
}

START_TEST(resizing_keeps_contents)
{
    static const size_t edges[] = {1,     15,     16,    17,       128,    129,   32767,
                                   32768, 32769,  65536, 65537,    131072, 40000, 16384,
                                   16,    200000, 65536, 1u << 20, 70000,  32768, 1};
    resize_steps(edges, sizeof edges / sizeof *edges);
    enum { COUNT = 400 };
    size_t sizes[COUNT];
    uint64_t seed = unit_seed(800);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < COUNT; i++)
            sizes[i] = 1 + (unit_random(&seed) >> 32) % ((size_t)1 << (4 + unit_below(&seed, 15)));
        resize_steps(sizes, COUNT);
    }
    ck_assert(heap_is_valid(thread_current()->heap) && cage_is_valid());
}
END_TEST

START_TEST(resizing_in_place_within_the_slot)
{
    void *p = make(100); /* class 112 */
    ck_assert_ptr_eq(alloc_resize(p, 112, HERE), p);
    ck_assert_uint_eq(alloc_bytes(p, HERE), 112);
    ck_assert_ptr_eq(alloc_resize(p, 60, HERE), p);
    ck_assert_uint_eq(alloc_bytes(p, HERE), 60);
    void *q = alloc_resize(p, 113, HERE);
    ck_assert_ptr_ne(q, p);
    struct block b;
    ck_assert(!alloc_find((uintptr_t)p, &b));
}
END_TEST

/* The stack of a block is that of its last realloc; that is where its size comes from. */
START_TEST(resizing_takes_over_the_trace)
{
    for (size_t bytes = 100; bytes <= 100000; bytes *= 1000) {
        void *p = make(bytes);
        struct block b;
        p = alloc_resize(p, bytes + 5, FIRST_FREE);
        ck_assert(alloc_find((uintptr_t)p, &b));
        ck_assert_uint_eq(trace_get(record_trace(b.record))->pc[0], (uintptr_t)FIRST_FREE);
    }
}
END_TEST

START_TEST(resizing_of_null_and_to_zero)
{
    struct block b;
    void *p = alloc_resize(NULL, 10, HERE);
    ck_assert(alloc_find((uintptr_t)p, &b));
    ck_assert_ptr_null(alloc_resize(p, 0, HERE));
    ck_assert(!alloc_find((uintptr_t)p, &b));
    p = alloc_resize(NULL, 0, HERE); /* like malloc(0) */
    ck_assert(alloc_find((uintptr_t)p, &b));
    ck_assert_uint_eq(b.bytes, 0);
}
END_TEST

/* --- Failure ---------------------------------------------------------------------------------- */

START_TEST(errno_stays_on_success)
{
    errno = 4711;
    unsigned char *p = make(10);
    void *q = alloc_new(1 << 20, 4096, true, HERE);
    p = alloc_resize(p, 100000, HERE);
    p = alloc_resize(p, 10, HERE);
    alloc_free(p, HERE);
    alloc_free(q, HERE);
    alloc_free(NULL, HERE);
    ck_assert_uint_eq(alloc_bytes(NULL, HERE), 0);
    ck_assert_int_eq(errno, 4711);
}
END_TEST

START_TEST(impossible_sizes)
{
    static const size_t sizes[] = {SIZE_MAX, (size_t)PTRDIFF_MAX + 1, PTRDIFF_MAX, (size_t)1 << 46};
    void *p = make(100);
    fill(p, 0, 100);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        errno = 0;
        ck_assert_ptr_null(make(sizes[i]));
        ck_assert_int_eq(errno, ENOMEM);
        errno = 0;
        ck_assert_ptr_null(alloc_resize(p, sizes[i], HERE));
        ck_assert_int_eq(errno, ENOMEM);
        ck_assert(is_kept(p, 100));
        ck_assert_uint_eq(alloc_bytes(p, HERE), 100);
    }
}
END_TEST

/* What memalign lets through: a power of two up to half the address space. */
START_TEST(impossible_alignments)
{
    for (unsigned bit = 43; bit < 63; bit++) {
        errno = 0;
        ck_assert_msg(alloc_new(1, (size_t)1 << bit, false, HERE) == NULL, "1 << %u", bit);
        ck_assert_int_eq(errno, ENOMEM);
    }
    ck_assert(cage_is_valid());
}
END_TEST

static void small_space(void)
{
    stub_reserve_most = (size_t)64 << 20;
    unit_alive();
}

START_TEST(all_memory_used_and_freed_again)
{
    static void *held[2000000];
    static const size_t sizes[] = {16, 1000, 30000, 50000, 1000000};
    size_t first = 0;
    for (int round = 0; round < 3; round++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            size_t count = 0;
            errno = 0;
            while ((held[count] = make(sizes[s])) != NULL)
                count++;
            ck_assert_int_eq(errno, ENOMEM);
            ck_assert_uint_gt(count, 10);
            if (s == 4 && round == 0)
                first = count;
            ck_assert(s != 4 || count == first); /* nothing was lost between the rounds */
            for (size_t i = 0; i < count; i++)
                alloc_free(held[i], HERE);
            ck_assert(heap_is_valid(thread_current()->heap));
            ck_assert(cage_is_valid());
        }
}
END_TEST

START_TEST(injected_failure)
{
    struct cage_stats before = cage_stats();
    for (long n = 0; n < 6; n++) {
        meta_fail_after = n;
        void *p[5];
        static const size_t sizes[] = {8, 300, 5000, 20000, 70000};
        for (int i = 0; i < 5; i++)
            p[i] = make(sizes[i]);
        meta_fail_after = -1;
        for (int i = 0; i < 5; i++)
            alloc_free(p[i], HERE);
        ck_assert(heap_is_valid(thread_current()->heap) && cage_is_valid());
    }
    ck_assert_uint_ge(cage_stats().mapped_bytes, before.mapped_bytes);
}
END_TEST

START_TEST(statistics)
{
    void *a = make(100);
    void *b = make(100000);
    make(16);
    struct alloc_stats s = alloc_stats();
    ck_assert_uint_eq(s.live_blocks, 3);
    ck_assert_uint_eq(s.large_blocks, 1);
    ck_assert_uint_eq(s.large_bytes, 2 * SLICE_BYTES);
    ck_assert_uint_eq(s.live_bytes, 112 + 16 + 2 * SLICE_BYTES);
    alloc_free(a, HERE);
    alloc_free(b, HERE);
    s = alloc_stats();
    ck_assert_uint_eq(s.live_blocks, 1);
    ck_assert_uint_eq(s.live_bytes, 16);
    ck_assert_uint_eq(s.free_bytes, 2 * SLICE_BYTES);
}
END_TEST

/* --- Wrong calls ------------------------------------------------------------------------------ */

static struct alloc_failure told;
static int told_fd;

static void tell(const struct alloc_failure *f)
{
    if (write(told_fd, f, sizeof *f) != sizeof *f)
        _exit(99);
}

struct wrong {
    enum { FREE, RESIZE, BYTES } call;
    void *p;
};

static void call_wrongly(void *arg)
{
    const struct wrong *w = arg;
    if (w->call == FREE)
        alloc_free(w->p, SECOND_FREE);
    else if (w->call == RESIZE)
        alloc_resize(w->p, 50, SECOND_FREE);
    else
        alloc_bytes(w->p, SECOND_FREE);
}

/* Makes the call in a child, which must abort; `told` is what its handler was told. */
static void expect_failure(int call, void *p)
{
    int fds[2];
    struct wrong w = {call, p};
    ck_assert_int_eq(pipe(fds), 0);
    told_fd = fds[1];
    alloc_error_handler = tell;
    int status = unit_child(call_wrongly, &w);
    unit_captured();
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGABRT);
    ck_assert_int_eq(read(fds[0], &told, sizeof told), sizeof told);
    close(fds[0]);
    close(fds[1]);
    ck_assert_uint_eq(told.address, (uintptr_t)p);
    ck_assert_ptr_eq(told.caller, SECOND_FREE);
    ck_assert_str_eq(told.verb, call == FREE     ? "free"
                                : call == RESIZE ? "realloc"
                                                 : "malloc_usable_size");
}

static void expect_trace(uint32_t id, const void *pc)
{
    const struct trace *t = trace_get(id);
    ck_assert_ptr_nonnull(t);
    ck_assert_uint_eq(t->pc[0], (uintptr_t)pc);
}

START_TEST(double_free_of_a_small_block)
{
    for (int call = FREE; call <= BYTES; call++) {
        void *p = make(10);
        make(10);
        alloc_free(p, FIRST_FREE);
        expect_failure(call, p);
        ck_assert_int_eq(told.error, ERROR_DOUBLE_FREE);
        ck_assert_uint_eq(told.block.begin, (uintptr_t)p);
        ck_assert_uint_eq(told.block.bytes, 10);
        expect_trace(told.allocated, HERE);
        ck_assert_uint_eq(told.freed, 0); /* only with free_stacks=1 */
    }
}
END_TEST

START_TEST(double_free_with_free_stacks)
{
    static const size_t sizes[] = {10, 3000, 100000};
    options.free_stacks = true;
    for (int i = 0; i < 3; i++) {
        void *p = make(sizes[i]);
        make(sizes[i]);
        alloc_free(p, FIRST_FREE);
        expect_failure(FREE, p);
        ck_assert_int_eq(told.error, ERROR_DOUBLE_FREE);
        expect_trace(told.allocated, HERE);
        expect_trace(told.freed, FIRST_FREE);
    }
}
END_TEST

START_TEST(double_free_of_a_large_block)
{
    void *p = make(100000);
    make(100000);
    alloc_free(p, FIRST_FREE);
    expect_failure(FREE, p);
    ck_assert_int_eq(told.error, ERROR_DOUBLE_FREE);
    ck_assert_uint_eq(told.block.bytes, 100000);
    expect_trace(told.allocated, HERE);
}
END_TEST

/* The free span before it takes the block's in. */
START_TEST(double_free_of_a_large_block_behind_free_space)
{
    for (size_t bytes = 40000; bytes <= 200000; bytes += 60000) {
        void *before = make(bytes);
        void *p = make(bytes);
        make(bytes);
        alloc_free(before, FIRST_FREE);
        alloc_free(p, FIRST_FREE);
        expect_failure(FREE, p);
        ck_assert_msg(told.error == ERROR_DOUBLE_FREE, "%zu bytes: error %d", bytes, told.error);
        ck_assert_uint_eq(told.block.bytes, bytes);
        expect_trace(told.allocated, HERE);
    }
}
END_TEST

START_TEST(freed_twice_through_another_thread_s_heap)
{
    void *p = make(10);
    struct block b;
    ck_assert(alloc_find((uintptr_t)p, &b));
    heap_free(NULL, b.slab, b.index);
    expect_failure(FREE, p);
    ck_assert_int_eq(told.error, ERROR_DOUBLE_FREE);
    expect_trace(told.allocated, HERE);
}
END_TEST

START_TEST(free_of_an_interior_pointer)
{
    static const size_t sizes[] = {10, 3000, 100000};
    for (int i = 0; i < 3; i++)
        for (int call = FREE; call <= BYTES; call++) {
            char *p = make(sizes[i]);
            expect_failure(call, p + 4);
            ck_assert_int_eq(told.error, ERROR_INTERIOR);
            ck_assert_uint_eq(told.block.begin, (uintptr_t)p);
            ck_assert_uint_eq(told.block.bytes, sizes[i]);
            expect_trace(told.allocated, HERE);
        }
}
END_TEST

START_TEST(free_of_foreign_pointers)
{
    int on_the_stack = 0;
    char *p = make(10);
    void *wrong[] = {&on_the_stack,
                     (void *)1,
                     (void *)UINTPTR_MAX,
                     &told,
                     (void *)space.cage.begin,
                     (void *)(space.cage.ready - 16),
                     (void *)space.cage.end,
                     (void *)space.meta.begin,
                     p + 16 * 4096 - 16}; /* never used slot */
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (int call = FREE; call <= BYTES; call++) {
            expect_failure(call, wrong[i]);
            ck_assert_msg(told.error == ERROR_FOREIGN, "%zu", i);
            ck_assert_uint_eq(told.allocated, 0);
            ck_assert_uint_eq(told.freed, 0);
        }
}
END_TEST

START_TEST(without_a_handler_one_line)
{
    struct wrong w = {FREE, (void *)0x1230};
    int status = unit_child(call_wrongly, &w);
    const char *text = unit_captured();
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGABRT);
    ck_assert_ptr_nonnull(strstr(text, "leakgc: ERROR: invalid free of 0x1230\n"));
}
END_TEST

/* --- Threads ---------------------------------------------------------------------------------- */

enum { THREADS = 4, HELD = 300, ROUNDS = UNIT_TSAN ? 5000 : 30000 };
static void *exchange[THREADS][HELD];

/* Blocks change hands by atomic exchange; sizes from all three paths. */
static void mix(void *unused, unsigned number)
{
    uint64_t seed = unit_seed(number + 900);
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        size_t bytes = 8 + unit_below(&seed, unit_below(&seed, 20) ? 600 : 80000);
        size_t *p = alloc_new(bytes, ALIGN_LEAST, unit_below(&seed, 2), HERE);
        REQUIRE(p);
        if (unit_below(&seed, 4) == 0)
            p = alloc_resize(p, bytes = 8 + unit_below(&seed, 2000), HERE);
        *p = bytes;
        void **slot = &exchange[unit_below(&seed, THREADS)][unit_below(&seed, HELD)];
        size_t *old = __atomic_exchange_n(slot, p, __ATOMIC_ACQ_REL);
        if (old) {
            REQUIRE(alloc_bytes(old, HERE) == *old);
            alloc_free(old, HERE);
        }
    }
    REQUIRE(heap_is_valid(thread_current()->heap));
}

START_TEST(threads)
{
    thread_init();
    unit_threads(THREADS, mix, NULL);
    unit_threads(THREADS, mix, NULL); /* others, who adopt */
    for (int t = 0; t < THREADS; t++)
        for (int i = 0; i < HELD; i++)
            alloc_free(exchange[t][i], HERE);
    ck_assert(cage_is_valid());
    heap_release_orphans();
    ck_assert_uint_eq(alloc_stats().live_blocks, 0);
}
END_TEST

Suite *suite_alloc(void)
{
    Suite *s = suite_create("alloc");
    TCase *c = unit_case(s, "alloc");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, every_byte_of_small_blocks);
    tcase_add_test(c, bytes_of_all_sizes);
    tcase_add_test(c, all_alignments);
    tcase_add_test(c, the_cage_is_valid_after_aligned_blocks);
    tcase_add_test(c, zeroed_when_asked);
    tcase_add_test(c, the_record_of_a_block);
    tcase_add_test(c, find_of_other_addresses);
    tcase_add_test(c, statistics);
    c = unit_case(s, "alloc_resize");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, resizing_keeps_contents);
    tcase_add_test(c, resizing_in_place_within_the_slot);
    tcase_add_test(c, resizing_takes_over_the_trace);
    tcase_add_test(c, resizing_of_null_and_to_zero);
    c = unit_case(s, "alloc_failure");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, errno_stays_on_success);
    tcase_add_test(c, impossible_sizes);
    tcase_add_test(c, impossible_alignments);
    tcase_add_test(c, injected_failure);
    c = unit_case(s, "alloc_small_space");
    tcase_add_checked_fixture(c, small_space, NULL);
    tcase_add_test(c, all_memory_used_and_freed_again);
    c = unit_case(s, "alloc_wrong_calls");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, double_free_of_a_small_block);
    tcase_add_test(c, double_free_with_free_stacks);
    tcase_add_test(c, double_free_of_a_large_block);
    tcase_add_test(c, double_free_of_a_large_block_behind_free_space);
    tcase_add_test(c, freed_twice_through_another_thread_s_heap);
    tcase_add_test(c, free_of_an_interior_pointer);
    tcase_add_test(c, free_of_foreign_pointers);
    tcase_add_test(c, without_a_handler_one_line);
    c = unit_case_threads(s, "alloc_threads");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, threads);
    return s;
}
