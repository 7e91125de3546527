/* SPDX-License-Identifier: MIT
 *
 * heap.h: one thread against a model, frees by other threads, threads that end and whose slabs are
 * adopted, fork. Each block is filled with a pattern of its own, so that two blocks in one place
 * or memory that is not zero when it should be are seen.
 *
 * Over 600 lines because the model, the threads and the fork share one set of helpers. */
#include "../../preload/heap.h"

#include "../../preload/alloc.h"
#include "../../preload/cage.h"
#include "../../preload/lock.h"
#include "../../preload/meta.h"
#include "unit.h"

enum { TRACE = 77, BLOCKS = 3000, THREADS = 4 };

struct held {
    unsigned char *p;
    size_t bytes;
    unsigned char mark;
};

static void *take(struct heap *h, size_t bytes)
{
    bool zeroed;
    return heap_alloc(h, sizeclass_of(bytes), bytes, record_make(TRACE, 0), &zeroed);
}

static void give(struct heap *h, void *p)
{
    struct block b;
    REQUIRE(alloc_find((uintptr_t)p, &b));
    REQUIRE(b.begin == (uintptr_t)p);
    heap_free(h, b.slab, b.index);
}

static bool is_filled(const struct held *b)
{
    for (size_t i = 0; i < b->bytes; i += i < 32 ? 1 : b->bytes / 7 + 1)
        if (b->p[i] != b->mark)
            return false;
    return b->bytes == 0 || b->p[b->bytes - 1] == b->mark;
}

static void hold(struct held *b, struct heap *h, size_t bytes, unsigned char mark)
{
    bool zeroed;
    b->p = heap_alloc(h, sizeclass_of(bytes), bytes, record_make(TRACE, 0), &zeroed);
    b->bytes = bytes;
    b->mark = mark;
    REQUIRE(b->p && (uintptr_t)b->p % 16 == 0);
    for (size_t i = 0; zeroed && i < bytes; i++)
        REQUIRE(b->p[i] == 0);
    memset(b->p, mark, bytes);
}

static void release(struct held *b, struct heap *h)
{
    struct block found;
    REQUIRE(is_filled(b));
    REQUIRE(alloc_find((uintptr_t)b->p, &found));
    REQUIRE(found.begin == (uintptr_t)b->p && found.bytes == b->bytes);
    memset(b->p, 0xdd, b->bytes);
    heap_free(h, found.slab, found.index); /* from here on it may be another thread's again */
    b->p = NULL;
}

static size_t some_bytes(uint64_t *seed)
{
    static const size_t most[] = {16, 64, 64, 300, 1000, 5000, SIZECLASS_MOST};
    return unit_below(seed, most[unit_below(seed, sizeof most / sizeof *most)] + 1);
}

/* --- One thread ------------------------------------------------------------------------------- */

START_TEST(random_model)
{
    static struct held held[BLOCKS];
    uint64_t seed = unit_seed((uint64_t)_i + 400);
    struct heap *h = heap_open(1);
    for (int step = 0; step < 40000; step++) {
        struct held *b = &held[unit_below(&seed, BLOCKS)];
        if (!b->p) {
            hold(b, h, some_bytes(&seed), (unsigned char)unit_random(&seed));
        } else {
            uintptr_t p = (uintptr_t)b->p;
            struct block found;
            release(b, unit_below(&seed, 4) ? h : NULL); /* some as another thread would */
            REQUIRE(!alloc_find(p, &found));
        }
        if (step % 1000 == 0)
            REQUIRE(heap_is_valid(h) && cage_is_valid());
    }
    for (int i = 0; i < BLOCKS; i++)
        if (held[i].p)
            release(&held[i], h);
    ck_assert(heap_is_valid(h) && cage_is_valid());
}
END_TEST

/* The patterns of real programs: a queue, a stack, and waves. */
START_TEST(patterns)
{
    enum { COUNT = 20000 };
    static void *p[COUNT];
    struct heap *h = heap_open(1);
    for (int pattern = 0; pattern < 4; pattern++) {
        for (int i = 0; i < COUNT; i++)
            p[i] = take(h, 48);
        for (int i = 0; i < COUNT; i++) {
            int at = pattern == 0   ? i
                     : pattern == 1 ? COUNT - 1 - i
                     : pattern == 2 ? (int)((i * 7919l) % COUNT)
                                    : (i % 2 ? i : COUNT - 2 - i);
            if (!p[at])
                continue;
            give(h, p[at]);
            p[at] = NULL;
        }
        for (int i = 0; i < COUNT; i++)
            if (p[i])
                give(h, p[i]);
        ck_assert(heap_is_valid(h));
        ck_assert(cage_is_valid());
        ck_assert_uint_le(cage_stats().mapped_bytes, 4 * SLICE_BYTES); /* spare slabs went back */
    }
}
END_TEST

START_TEST(all_blocks_are_apart)
{
    enum { COUNT = 5000 };
    static uintptr_t p[COUNT];
    struct heap *h = heap_open(1);
    for (size_t bytes = 1; bytes <= 512; bytes = bytes * 3 / 2 + 1) {
        for (int i = 0; i < COUNT; i++) {
            p[i] = (uintptr_t)take(h, bytes);
            memset((void *)p[i], i & 0xff, bytes);
        }
        for (int i = 0; i < COUNT; i++)
            for (size_t at = 0; at < bytes; at++)
                REQUIRE(((unsigned char *)p[i])[at] == (i & 0xff));
    }
}
END_TEST

START_TEST(the_record_is_the_block_s)
{
    struct heap *h = heap_open(1);
    for (size_t bytes = 0; bytes <= SIZECLASS_MOST; bytes += 1 + bytes / 50) {
        bool zeroed;
        record r = record_make(TRACE + (uint32_t)bytes, 33) | (bytes % 2 ? RECORD_ROOT : 0);
        void *p = heap_alloc(h, sizeclass_of(bytes), bytes, r, &zeroed);
        struct block b;
        ck_assert(alloc_find((uintptr_t)p, &b));
        ck_assert_uint_eq(b.bytes, bytes);
        ck_assert_uint_eq(record_trace(b.record), TRACE + bytes);
        ck_assert_uint_eq(record_birth(b.record), 33);
        ck_assert_int_eq(record_is_root(b.record), bytes % 2);
        ck_assert_uint_eq(slab_thread_of(b.slab, b.index), 1);
    }
}
END_TEST

START_TEST(injected_failure)
{
    struct heap *held[4];
    for (long n = 0; n < 4; n++) {
        meta_fail_after = n;
        struct heap *h = heap_open(1);
        void *p = h ? take(h, 100) : NULL;
        void *q = h ? take(h, 1000) : NULL;
        ck_assert_int_eq(h == NULL, n == 0);
        ck_assert(n != 1 || (!p && q));
        ck_assert(n != 2 || (p && !q));
        ck_assert(n != 3 || (p && q));
        meta_fail_after = -1;
        ck_assert(!h || heap_is_valid(h));
        if (p)
            give(h, p);
        if (q)
            give(h, q);
        ck_assert(cage_is_valid());
        held[n] = h; /* not closed yet: a closed one would be reused without an allocation */
    }
    for (long n = 0; n < 4; n++)
        if (held[n])
            heap_close(held[n]);
    ck_assert_uint_eq(cage_stats().mapped_bytes, 0);
}
END_TEST

START_TEST(no_memory_for_a_slab)
{
    struct heap *h = heap_open(1);
    unsigned count = 0;
    stub_allow_left = 40;
    while (take(h, 30000))
        count++;
    ck_assert_uint_gt(count, 0);
    ck_assert(heap_is_valid(h) && cage_is_valid());
    stub_allow_left = -1;
    ck_assert_ptr_nonnull(take(h, 30000));
    ck_assert(heap_is_valid(h));
}
END_TEST

/* --- Full slabs and frees by others ----------------------------------------------------------- */

/* Fills slabs, "another thread" frees all, the owner goes on: everything is found again. */
START_TEST(freed_full_slabs_come_back)
{
    enum { COUNT = 16 * 20 };
    void *p[COUNT];
    struct heap *h = heap_open(1);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < COUNT; i++)
            p[i] = take(h, 32768);
        ck_assert(heap_is_valid(h));
        for (int i = 0; i < COUNT; i++)
            give(NULL, p[i]);
        ck_assert(heap_is_valid(h));
    }
    ck_assert_uint_le(cage_stats().mapped_bytes, (COUNT / 16 + 2) * 8ul * SLICE_BYTES);
}
END_TEST

/* How heap.c says that it happens: one free finds the slab full and announces its return, and the
 * announcement stands until the owner has taken the slab off (invariant 4). */
START_TEST(return_of_a_full_slab)
{
    void *p[17];
    struct heap *h = heap_open(1);
    struct block b;
    for (int i = 0; i < 17; i++)
        p[i] = take(h, 4096); /* 16 a slab */
    ck_assert(alloc_find((uintptr_t)p[0], &b));
    struct slab *s = b.slab;
    ck_assert(s->in_full);
    ck_assert_uint_eq(s->remote, REMOTE_EMPTY | REMOTE_FULL);
    give(NULL, p[0]);
    ck_assert_ptr_eq(h->returned, s);
    ck_assert_uint_eq(s->remote & (REMOTE_FULL | REMOTE_RETURNING), REMOTE_RETURNING);
    give(NULL, p[1]);
    ck_assert_ptr_null(s->returned_next); /* not pushed twice */
    ck_assert_uint_eq(s->remote & (REMOTE_FULL | REMOTE_RETURNING), REMOTE_RETURNING);
    for (int i = 0; i < 15; i++)
        take(h, 4096); /* the rest of the second slab */
    ck_assert(take(h, 4096) == p[0] || s->used == 15);
    ck_assert(!s->in_full);
    ck_assert_uint_eq(s->remote, REMOTE_EMPTY);
    ck_assert_ptr_null(h->returned);
    ck_assert(heap_is_valid(h));
}
END_TEST

START_TEST(one_remote_free_then_local_ones)
{
    void *p[64];
    struct heap *h = heap_open(1);
    for (int i = 0; i < 64; i++)
        p[i] = take(h, 4096); /* 16 a slab */
    for (int slab = 0; slab < 4; slab++) {
        give(NULL, p[slab * 16 + slab]);
        for (int i = 0; i < 16; i++)
            if (i != slab)
                give(h, p[slab * 16 + i]);
        ck_assert(heap_is_valid(h));
    }
    for (int i = 0; i < 64; i++)
        p[i] = take(h, 4096);
    for (int i = 0; i < 64; i++)
        give(h, p[i]);
    ck_assert(heap_is_valid(h) && cage_is_valid());
}
END_TEST

/* Each thread allocates, and frees what the one before it allocated. */
struct mailbox {
    pthread_mutex_t lock;
    struct held block[256];
    size_t count;
};
static struct mailbox mailboxes[THREADS];
static struct heap *heaps[THREADS];

static bool post(struct mailbox *to, const struct held *b)
{
    pthread_mutex_lock(&to->lock);
    bool room = to->count < 256;
    if (room)
        to->block[to->count++] = *b;
    pthread_mutex_unlock(&to->lock);
    return room;
}

static bool fetch(struct mailbox *from, struct held *ret)
{
    pthread_mutex_lock(&from->lock);
    bool any = from->count > 0;
    if (any)
        *ret = from->block[--from->count];
    pthread_mutex_unlock(&from->lock);
    return any;
}

enum { CROSS_ROUNDS = UNIT_TSAN ? 10000 : 60000 };

static void trade(void *unused, unsigned number)
{
    uint64_t seed = unit_seed(number + 500);
    struct heap *h = heap_open(number + 1);
    struct held mine, theirs;
    (void)unused;
    heaps[number] = h;
    for (int i = 0; i < CROSS_ROUNDS; i++) {
        hold(&mine, h, some_bytes(&seed) / 4, (unsigned char)i);
        if (!post(&mailboxes[(number + 1) % THREADS], &mine))
            release(&mine, h);
        if (unit_below(&seed, 3) && fetch(&mailboxes[number], &theirs))
            release(&theirs, h);
        if (i % (CROSS_ROUNDS / 8) == 0)
            REQUIRE(heap_is_valid(h));
    }
}

static void lock_mailboxes(void)
{
    for (int i = 0; i < THREADS; i++)
        pthread_mutex_init(&mailboxes[i].lock, NULL);
}

START_TEST(cross_thread_frees)
{
    lock_mailboxes();
    unit_threads(THREADS, trade, NULL);
    struct held b;
    for (int i = 0; i < THREADS; i++) {
        while (fetch(&mailboxes[i], &b))
            release(&b, NULL);
        ck_assert(heap_is_valid(heaps[i]));
    }
    ck_assert(cage_is_valid());
    for (int i = 0; i < THREADS; i++)
        heap_close(heaps[i]);
    heap_release_orphans();
    ck_assert_uint_eq(cage_stats().mapped_bytes, 0); /* nothing is lost */
}
END_TEST

/* One allocates only 16-slot slabs to the brim, the others only free: every slab goes through
 * full, returning and back all the time. */
static uint32_t producing;

static void produce_or_free(void *unused, unsigned number)
{
    struct held b;
    (void)unused;
    if (number == 0) {
        struct heap *h = heaps[0];
        uint64_t seed = unit_seed(550);
        for (int i = 0; i < CROSS_ROUNDS; i++) {
            hold(&b, h, 32768 - unit_below(&seed, 100), (unsigned char)i);
            if (!post(&mailboxes[1 + unit_below(&seed, THREADS - 1)], &b))
                release(&b, h);
        }
        __atomic_store_n(&producing, 0, __ATOMIC_RELEASE);
    } else {
        do
            while (fetch(&mailboxes[number], &b))
                release(&b, NULL);
        while (__atomic_load_n(&producing, __ATOMIC_ACQUIRE));
        while (fetch(&mailboxes[number], &b))
            release(&b, NULL);
    }
}

START_TEST(one_allocates_others_free)
{
    lock_mailboxes();
    producing = 1;
    heaps[0] = heap_open(1);
    unit_threads(THREADS, produce_or_free, NULL);
    ck_assert(heap_is_valid(heaps[0]));
    heap_close(heaps[0]);
    heap_release_orphans();
    ck_assert_uint_eq(cage_stats().mapped_bytes, 0);
}
END_TEST

/* --- Threads that end ------------------------------------------------------------------------- */

START_TEST(orphans_are_adopted)
{
    enum { COUNT = 100 };
    struct held held[COUNT];
    struct heap *a = heap_open(5);
    for (int i = 0; i < COUNT; i++)
        hold(&held[i], a, 200, (unsigned char)i);
    size_t mapped = cage_stats().mapped_bytes;
    heap_close(a);
    struct heap *b = heap_open(6);
    void *p = take(b, 200);
    ck_assert_uint_eq(cage_stats().mapped_bytes, mapped); /* no new slab */
    ck_assert(heap_is_valid(b));
    struct block found;
    ck_assert(alloc_find((uintptr_t)p, &found));
    ck_assert_ptr_eq(found.slab->owner, b);
    ck_assert_uint_eq(slab_thread_of(found.slab, found.index), 6);
    for (int i = 0; i < COUNT; i++) {
        ck_assert(alloc_find((uintptr_t)held[i].p, &found));
        ck_assert_uint_eq(slab_thread_of(found.slab, found.index), 5);
        release(&held[i], b);
    }
    ck_assert(heap_is_valid(b));
}
END_TEST

START_TEST(a_reused_slot_is_the_new_thread_s)
{
    struct heap *a = heap_open(5);
    void *old[41]; /* 200 bytes: class 208 */
    for (int i = 0; i < 41; i++)
        old[i] = take(a, 200);
    heap_close(a);
    struct heap *b = heap_open(6);
    void *first = take(b, 200);
    give(b, old[7]);
    give(NULL, old[8]);
    for (int i = 0; i < 1000; i++) {
        void *p = take(b, 200);
        struct block found;
        ck_assert(alloc_find((uintptr_t)p, &found));
        ck_assert_uint_eq(slab_thread_of(found.slab, found.index), 6);
    }
    heap_close(b);
    struct heap *c = heap_open(7);
    struct block found;
    take(c, 200);
    ck_assert(alloc_find((uintptr_t)first, &found));
    ck_assert_uint_eq(slab_thread_of(found.slab, found.index), 6);
    ck_assert(alloc_find((uintptr_t)old[9], &found));
    ck_assert_uint_eq(slab_thread_of(found.slab, found.index), 5);
}
END_TEST

START_TEST(frees_into_orphans)
{
    enum { COUNT = 500 };
    struct held held[COUNT];
    struct heap *a = heap_open(5);
    uint64_t seed = unit_seed(600);
    for (int i = 0; i < COUNT; i++)
        hold(&held[i], a, some_bytes(&seed), (unsigned char)i);
    heap_close(a);
    struct heap *b = heap_open(6);
    for (int i = 0; i < COUNT; i++)
        release(&held[i], i % 2 ? b : NULL);
    ck_assert(cage_is_valid());
    ck_assert_uint_eq(cage_stats().mapped_bytes, 0); /* empty orphans go back at once */
}
END_TEST

START_TEST(closing_an_unused_heap_and_reusing_it)
{
    struct heap *a = heap_open(1);
    heap_close(a);
    struct heap *b = heap_open(2);
    ck_assert_ptr_eq(a, b);
    ck_assert_uint_eq(b->thread, 2);
    ck_assert_ptr_nonnull(take(b, 10));
    heap_close(b);
    uintptr_t ready = space.meta.ready;
    for (int i = 0; i < 10000; i++)
        heap_close(heap_open((uint32_t)i));
    ck_assert_uint_eq(space.meta.ready, ready);
}
END_TEST

/* Threads come and go, and leave blocks that others free. */
enum { CHURN_ROUNDS = UNIT_TSAN ? 100 : 600, CHURN_BLOCKS = 100 };

static void come_and_go(void *unused, unsigned number)
{
    uint64_t seed = unit_seed(number + 650);
    (void)unused;
    for (int round = 0; round < CHURN_ROUNDS; round++) {
        struct heap *h = heap_open(number * CHURN_ROUNDS + (unsigned)round + 1);
        struct held b;
        for (int i = 0; i < CHURN_BLOCKS; i++) {
            /* one class that fills its slabs quickly, or any */
            size_t bytes = round % 2 ? 32768 : some_bytes(&seed);
            hold(&b, h, bytes, (unsigned char)(round + i));
            if (!post(&mailboxes[unit_below(&seed, THREADS)], &b))
                release(&b, h);
            if (fetch(&mailboxes[unit_below(&seed, THREADS)], &b))
                release(&b, h);
        }
        REQUIRE(heap_is_valid(h));
        heap_close(h);
        if (fetch(&mailboxes[number], &b))
            release(&b, NULL);
    }
}

START_TEST(thread_churn)
{
    lock_mailboxes();
    unit_threads(THREADS, come_and_go, NULL);
    struct held b;
    for (int i = 0; i < THREADS; i++)
        while (fetch(&mailboxes[i], &b))
            release(&b, NULL);
    heap_release_orphans();
    ck_assert(cage_is_valid());
    ck_assert_uint_eq(cage_stats().mapped_bytes, 0);
}
END_TEST

/* --- The shared heap, and fork ---------------------------------------------------------------- */

START_TEST(shared_heap)
{
    struct heap *h = heap_shared();
    ck_assert_ptr_eq(heap_shared(), h);
    struct held held[200];
    lock_take(LOCK_SHARED);
    for (int i = 0; i < 200; i++)
        hold(&held[i], h, 100, (unsigned char)i);
    lock_release(LOCK_SHARED);
    for (int i = 0; i < 200; i++)
        release(&held[i], NULL);
    ck_assert(heap_is_valid(h));
}
END_TEST

/* In the child the other threads' slabs have whatever those were doing to them; the records are
 * right. */
static void damage(struct slab *s)
{
    s->free = 0x7777;
    s->used = 12345;
    s->remote = REMOTE_RETURNING | 7u << REMOTE_COUNT_SHIFT | 0x1111;
    s->next = s->prev = (struct slab *)0x10;
}

START_TEST(after_fork)
{
    enum { COUNT = 400 };
    struct held mine[COUNT], theirs[COUNT], everybodys[COUNT];
    uint64_t seed = unit_seed(700);
    struct heap *a = heap_open(1);
    struct heap *b = heap_open(2);
    struct heap *s = heap_shared();
    for (int i = 0; i < COUNT; i++) {
        hold(&mine[i], a, some_bytes(&seed), (unsigned char)i);
        hold(&theirs[i], b, some_bytes(&seed), (unsigned char)i);
        hold(&everybodys[i], s, some_bytes(&seed), (unsigned char)i);
    }
    for (int i = 0; i < COUNT; i += 3)
        release(&theirs[i], b);
    for (size_t slice = 1; slice < cage_top(); slice += slab_at(slice)->slices)
        if (slab_at(slice)->kind == SLAB_SMALL && slab_at(slice)->owner == b)
            damage(slab_at(slice));
    lock_take_all(LOCK_CHECK);
    heap_after_fork(a);
    lock_release_all(LOCK_CHECK);
    ck_assert(heap_is_valid(a));
    ck_assert(heap_is_valid(s));
    ck_assert_msg(cage_is_valid(), "after heap_after_fork");
    for (int i = 0; i < COUNT; i++) {
        if (i % 3)
            release(&theirs[i], i % 2 ? a : NULL);
        release(&mine[i], a);
        release(&everybodys[i], a);
    }
    for (int i = 0; i < COUNT; i++)
        hold(&mine[i], a, some_bytes(&seed), (unsigned char)i);
    ck_assert(heap_is_valid(a) && heap_is_valid(s) && cage_is_valid());
    for (int i = 0; i < COUNT; i++)
        release(&mine[i], a);
    heap_close(a);
    heap_release_orphans();
    for (size_t slice = 1; slice < cage_top(); slice += slab_at(slice)->slices)
        REQUIRE(slab_at(slice)->kind != SLAB_SMALL || slab_at(slice)->owner == s);
}
END_TEST

/* The child adopts what is left of the others. */
START_TEST(after_fork_adopts)
{
    struct heap *a = heap_open(1);
    struct heap *b = heap_open(2);
    void *p = take(b, 500);
    struct block found;
    ck_assert(alloc_find((uintptr_t)p, &found));
    damage(found.slab);
    lock_take_all(LOCK_CHECK);
    heap_after_fork(a);
    lock_release_all(LOCK_CHECK);
    size_t mapped = cage_stats().mapped_bytes;
    void *q = take(a, 500);
    ck_assert_ptr_ne(p, q);
    ck_assert_uint_eq(cage_stats().mapped_bytes, mapped);
    ck_assert_uint_eq(slab_thread_of(found.slab, found.index), 2);
    ck_assert(heap_is_valid(a));
    give(a, p);
    give(a, q);
    ck_assert(heap_is_valid(a));
}
END_TEST

/* A thread that the fork took away was about to return a full slab to mine. */
START_TEST(after_fork_ends_returns)
{
    void *p[32];
    struct heap *a = heap_open(1);
    for (int i = 0; i < 32; i++)
        p[i] = take(a, 4096); /* 16 a slab: the first is full */
    struct block found;
    ck_assert(alloc_find((uintptr_t)p[0], &found));
    ck_assert(found.slab->in_full);
    ck_assert(found.slab->remote & REMOTE_FULL);
    record_store(&found.slab->records[0], record_freed(found.slab->records[0], SLOT_END));
    found.slab->remote = REMOTE_RETURNING | 1u << REMOTE_COUNT_SHIFT | 0;
    lock_take_all(LOCK_CHECK);
    heap_after_fork(a);
    lock_release_all(LOCK_CHECK);
    ck_assert(!found.slab->in_full);
    ck_assert(heap_is_valid(a));
    for (int i = 1; i < 32; i++)
        give(a, p[i]);
    for (int i = 0; i < 32; i++)
        p[i] = take(a, 4096);
    ck_assert(heap_is_valid(a) && cage_is_valid());
    ck_assert_uint_le(cage_stats().mapped_bytes, 3 * 8 * SLICE_BYTES);
}
END_TEST

Suite *suite_heap(void)
{
    Suite *s = suite_create("heap");
    TCase *c = unit_case(s, "heap");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_loop_test(c, random_model, 0, 4);
    tcase_add_test(c, patterns);
    tcase_add_test(c, all_blocks_are_apart);
    tcase_add_test(c, the_record_is_the_block_s);
    tcase_add_test(c, injected_failure);
    tcase_add_test(c, no_memory_for_a_slab);
    tcase_add_test(c, freed_full_slabs_come_back);
    tcase_add_test(c, return_of_a_full_slab);
    tcase_add_test(c, one_remote_free_then_local_ones);
    tcase_add_test(c, orphans_are_adopted);
    tcase_add_test(c, a_reused_slot_is_the_new_thread_s);
    tcase_add_test(c, frees_into_orphans);
    tcase_add_test(c, closing_an_unused_heap_and_reusing_it);
    tcase_add_test(c, shared_heap);
    c = unit_case(s, "heap_fork");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, after_fork);
    tcase_add_test(c, after_fork_adopts);
    tcase_add_test(c, after_fork_ends_returns);
    c = unit_case_threads(s, "heap_threads");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, cross_thread_frees);
    tcase_add_test(c, one_allocates_others_free);
    tcase_add_test(c, thread_churn);
    return s;
}
