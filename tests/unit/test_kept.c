/* SPDX-License-Identifier: MIT
 *
 * kept.h and what mark.h makes of it: scans that go on where the last one ended. The kernel's part, which
 * pages were written, is played here. */
#include "../../scanner/kept.h"

#include "../../preload/alloc.h"
#include "../../preload/cage.h"
#include "../../preload/clock.h"
#include "../../scanner/remark.h"
#include "unit.h"

static struct mark mark;
static struct mark_kept bits;
static uint32_t birth;

static void *make(size_t bytes)
{
    void *p = alloc_new(bytes, 16, true, unit_frame);
    REQUIRE(p);
    return p;
}

static size_t some_slices(void)
{
    return (((space_cage_ready() - space.cage.begin) >> SLICE_SHIFT) + 1024) | 1;
}

static void begin(bool again)
{
    scratch_reset();
    ck_assert(!again || kept_any());
    ck_assert(kept_begin(again, some_slices(), &bits));
    birth = clock_advance();
    kept_began(birth);
    ck_assert(mark_init_live(&mark, NULL, &bits));
}

static void end(void)
{
    mark_flood(&mark);
    kept_leave(birth);
}

/* A scan with one root, or none. */
static void scan(bool again, const void *root)
{
    begin(again);
    if (root)
        mark_word(&mark, (uintptr_t)root);
    end();
}

/* Bits where no slab began when the scan did may say anything. */
static bool is_lost(const void *p)
{
    struct block b;
    REQUIRE(alloc_find((uintptr_t)p, &b));
    return mark.slice[slab_slice(b.slab)].head == slab_slice(b.slab) &&
           !mark_is_reachable(&mark, b.slab, b.index) && !mark_is_possible(&mark, b.slab, b.index);
}

static bool is_possible(const void *p)
{
    struct block b;
    REQUIRE(alloc_find((uintptr_t)p, &b));
    return mark_is_possible(&mark, b.slab, b.index) && !mark_is_reachable(&mark, b.slab, b.index);
}

START_TEST(what_was_reachable_counts)
{
    void **p = make(100);
    *p = make(200);
    scan(false, p);
    ck_assert(!is_lost(p) && !is_lost(*p));
    scan(true, NULL);
    ck_assert(!is_lost(p) && !is_lost(*p));
    ck_assert_uint_eq(mark.marked_blocks, 0);
    scan(false, NULL);
    ck_assert(is_lost(p) && is_lost(*p));
}
END_TEST

START_TEST(what_was_lost_stays_so_until_it_is_found)
{
    void *p = make(100);
    scan(false, NULL);
    ck_assert(is_lost(p));
    scan(true, NULL);
    ck_assert(is_lost(p));
    scan(true, p);
    ck_assert(!is_lost(p));
    scan(true, NULL);
    ck_assert(!is_lost(p));
}
END_TEST

START_TEST(young_blocks_are_looked_for)
{
    static const size_t sizes[] = {16, 40, 100, 5000, 100000};
    scan(false, NULL);
    for (int i = 0; i < 5; i++) {
        void **p = make(sizes[i]);
        void *q = make(sizes[i]);
        *p = make(sizes[i]);
        scan(true, p);
        ck_assert(!is_lost(p) && !is_lost(*p) && is_lost(q));
        ck_assert_uint_eq(mark.marked_blocks, 2);
    }
}
END_TEST

START_TEST(a_new_block_in_an_old_slot_is_young)
{
    static const size_t sizes[] = {24, 1000, 200000};
    for (int i = 0; i < 3; i++) {
        void *old = make(sizes[i]);
        scan(false, old);
        alloc_free(old, unit_frame);
        void *p = make(sizes[i]);
        ck_assert_ptr_eq(p, old);
        scan(true, NULL);
        ck_assert(is_lost(p));
        alloc_free(p, unit_frame);
    }
}
END_TEST

/* The pointer to it may be old. */
START_TEST(a_block_that_was_resized_in_place_is_not_young)
{
    static const size_t sizes[][2] = {{40, 48}, {1000, 900}, {200000, 190000}};
    for (int i = 0; i < 3; i++) {
        void *p = make(sizes[i][0]);
        scan(false, p);
        ck_assert_ptr_eq(alloc_resize(p, sizes[i][1], unit_frame), p);
        scan(true, NULL);
        ck_assert(!is_lost(p));
        scan(true, NULL);
        ck_assert(!is_lost(p));
    }
    void *lost = make(40);
    scan(true, NULL);
    ck_assert(is_lost(lost));
    alloc_resize(lost, 48, unit_frame);
    scan(true, NULL);
    ck_assert(is_lost(lost));
    void *young = make(40);
    ck_assert_ptr_eq(alloc_resize(young, 48, unit_frame), young);
    scan(true, NULL);
    ck_assert(is_lost(young));
}
END_TEST

static void count(uintptr_t at, size_t bit, void *arg)
{
    (void)at;
    (void)bit;
    ++*(size_t *)arg;
}

START_TEST(what_was_freed_is_not_lost)
{
    enum { COUNT = 1000 };
    static void *p[COUNT];
    size_t lost = 0;
    for (int i = 0; i < COUNT; i++)
        p[i] = make(16 + (size_t)i % 3 * 100);
    scan(false, NULL);
    mark_each_lost(&mark, count, &lost);
    ck_assert_uint_eq(lost, COUNT);
    for (int i = 0; i < COUNT; i++)
        alloc_free(p[i], unit_frame);
    lost = 0;
    scan(true, NULL);
    mark_each_lost(&mark, count, &lost);
    ck_assert_uint_eq(lost, 0);
}
END_TEST

/* Whole slabs go, and come again with slots of other sizes. */
START_TEST(slabs_that_are_made_anew)
{
    enum { COUNT = 20000 };
    static void *p[COUNT];
    static const size_t sizes[] = {16, 4000, 24, 300, 16};
    scan(false, NULL);
    for (int round = 0; round < 5; round++) {
        int n = sizes[round] > 1000 ? COUNT / 20 : COUNT;
        for (int i = 0; i < n; i++)
            p[i] = make(sizes[round] - (i % 5 == 0) * 8);
        begin(true);
        for (int i = 0; i < n; i += 2)
            mark_word(&mark, (uintptr_t)p[i]);
        end();
        for (int i = 0; i < n; i++)
            REQUIRE_MSG(is_lost(p[i]) == (i % 2 != 0), "round %d: %d", round, i);
        for (int i = 0; i < n; i++)
            alloc_free(p[i], unit_frame);
    }
}
END_TEST

START_TEST(possible_blocks)
{
    char *old = make(100);
    memset(old, 0xff, 100);
    scan(false, old + 51);
    ck_assert(is_possible(old));
    scan(true, NULL);
    ck_assert(is_possible(old));
    alloc_free(old, unit_frame);
    char *p = make(100);
    ck_assert_ptr_eq(p, old);
    scan(true, NULL);
    ck_assert(is_lost(p));
    scan(true, p);
    ck_assert(!is_lost(p) && !is_possible(p));
}
END_TEST

/* A scan takes such a block for reachable, whether it was looked through or not. */
START_TEST(roots_are_looked_through_each_time)
{
    void **p = make(100);
    struct block b;
    scan(false, p);
    *p = make(200);
    ck_assert(alloc_find((uintptr_t)p, &b));
    record_store(&b.slab->records[b.index], b.record | RECORD_ROOT);
    begin(true);
    alloc_find((uintptr_t)p, &b);
    mark_block(&mark, &b, true);
    end();
    ck_assert(!is_lost(p) && !is_lost(*p));
}
END_TEST

static uintptr_t seen[8];
static size_t seen_count;

static void see(uintptr_t from, uintptr_t to, void *arg)
{
    (void)arg;
    for (; from < to; from += SYS_PAGE)
        REQUIRE(seen_count < 8 && (seen[seen_count++] = from));
}

START_TEST(pages_are_carried_once)
{
    const uintptr_t cage = space.cage.begin;
    begin(false);
    kept_note(cage, cage + SYS_PAGE);
    kept_note(cage + 63 * SYS_PAGE, cage + 65 * SYS_PAGE);
    kept_note(cage + (bits.slices << SLICE_SHIFT) - SYS_PAGE,
              cage + (bits.slices << SLICE_SHIFT) + SYS_PAGE);
    end();
    begin(true);
    kept_note(cage + 7 * SYS_PAGE, cage + 8 * SYS_PAGE);
    kept_each(see, NULL);
    ck_assert_uint_eq(seen_count, 4);
    ck_assert_uint_eq(seen[0], cage);
    ck_assert_uint_eq(seen[1], cage + 63 * SYS_PAGE);
    ck_assert_uint_eq(seen[2], cage + 64 * SYS_PAGE);
    ck_assert_uint_eq(seen[3], cage + (bits.slices << SLICE_SHIFT) - SYS_PAGE);
    end();
    begin(true);
    seen_count = 0;
    kept_each(see, NULL);
    ck_assert_uint_eq(seen_count, 1);
    ck_assert_uint_eq(seen[0], cage + 7 * SYS_PAGE);
}
END_TEST

START_TEST(when_there_is_nothing_to_go_on_with)
{
    ck_assert(!kept_any());
    scan(false, NULL);
    ck_assert(kept_any());
    begin(true);
    ck_assert(!kept_any()); /* a scan that is given up leaves nothing */
    end();
    ck_assert(kept_any());
    kept_forget();
    ck_assert(!kept_any());
    scan(false, NULL);
    kept_leave(CLOCK_LAST); /* after seven years no block is younger than another */
    ck_assert(!kept_any());
    scan(false, NULL);
    make(bits.slices << SLICE_SHIFT);
    ck_assert(!kept_any());
}
END_TEST

START_TEST(no_memory)
{
    stub_allow_left = 0;
    ck_assert(!kept_begin(false, 4096, &bits));
    ck_assert(!kept_any());
    stub_allow_left = -1;
    scan(false, NULL);
    ck_assert(kept_any());
}
END_TEST

/* --- A program that changes its blocks all the time ------------------------------------------- */

enum { BLOCKS = 300, WORDS = 6, ROOTS = 6, EDGES = 5, PAGES = 64 << 8 };

/* A pointer to a block that is gone stays where it is, but does not count: to what comes in its place a full scan
 * takes it for one, a partial scan does not. A block that nothing leads to is never used again. */
static struct {
    uintptr_t *words;
    size_t count;
    struct {
        size_t at;
        int to; /* block + 1; 0: it does not count */
    } edge[EDGES];
} block[BLOCKS];
static int root[ROOTS]; /* block + 1 */
static bool is_dirty[PAGES];
static bool reachable[BLOCKS];

static void dirty(const void *from, size_t bytes)
{
    uintptr_t cage = space.cage.begin;
    uintptr_t at = (uintptr_t)from & -(uintptr_t)SYS_PAGE;
    for (; at < (uintptr_t)from + bytes; at += SYS_PAGE)
        if ((at - cage) / SYS_PAGE < PAGES)
            is_dirty[(at - cage) / SYS_PAGE] = true;
}

static void find(int i)
{
    if (!i || reachable[i - 1])
        return;
    reachable[i - 1] = true;
    for (int n = 0; n < EDGES; n++)
        find(block[i - 1].edge[n].to);
}

static void find_reachable(void)
{
    memset(reachable, 0, sizeof reachable);
    for (int i = 0; i < ROOTS; i++)
        find(root[i]);
}

/* Nobody points there any more, or not to this block. */
static void forget(int gone)
{
    for (int i = 0; i < BLOCKS; i++)
        for (int n = 0; n < EDGES; n++)
            if (block[i].edge[n].to == gone + 1)
                block[i].edge[n].to = 0;
    for (int i = 0; i < ROOTS; i++)
        root[i] = root[i] == gone + 1 ? 0 : root[i];
}

static void point(int from, int to, uint64_t *seed)
{
    int n = 0;
    size_t at = unit_below(seed, block[from].count);
    while (n < EDGES - 1 && block[from].edge[n].to)
        n++;
    block[from].words[at] = (uintptr_t)block[to].words;
    dirty(&block[from].words[at], sizeof(uintptr_t));
    for (int other = 0; other < EDGES; other++)
        if (block[from].edge[other].at == at)
            block[from].edge[other].to = 0;
    block[from].edge[n].at = at;
    block[from].edge[n].to = to + 1;
}

/* A new block, or another in its place, to which one that is in use points, or a root. */
static void renew(int i, size_t count, uint64_t *seed)
{
    int from = i;
    forget(i);
    find_reachable();
    for (int n = 0; n < BLOCKS && (from == i || !reachable[from]); n++)
        from = (int)unit_below(seed, BLOCKS);
    alloc_free(block[i].words, unit_frame);
    block[i].words = make(count * sizeof(uintptr_t));
    block[i].count = count;
    memset(block[i].edge, 0, sizeof block[i].edge);
    dirty(block[i].words, count * sizeof(uintptr_t));
    if (from != i && reachable[from])
        point(from, i, seed);
    else
        root[unit_below(seed, ROOTS)] = i + 1;
}

/* In place nothing is written but what is new; else nobody points to it any more. */
static void resize(int i, size_t count)
{
    uintptr_t *to = alloc_resize(block[i].words, count * sizeof(uintptr_t), unit_frame);
    size_t same = to == block[i].words ? block[i].count : 0;
    if (!same)
        forget(i);
    block[i].words = to;
    for (size_t at = block[i].count; at < count; at++)
        to[at] = 0;
    if (same < count)
        dirty(to + same, (count - same) * sizeof(uintptr_t));
    for (int n = 0; n < EDGES; n++)
        if (block[i].edge[n].at >= count)
            block[i].edge[n].to = 0;
    block[i].count = count;
}

/* What the program does to one block. */
static void change(uint64_t *seed)
{
    static const size_t most[] = {WORDS, WORDS + 1, 40, 9000};
    int i = (int)unit_below(seed, BLOCKS);
    int to = (int)unit_below(seed, BLOCKS);
    size_t count = WORDS + unit_below(seed, most[unit_below(seed, 4)]);
    find_reachable();
    if (!reachable[i] || unit_below(seed, 20) == 0)
        renew(i, count, seed);
    else if (unit_below(seed, 3) == 0)
        resize(i, unit_below(seed, 2) || block[i].count < WORDS ? count : block[i].count - 1);
    else if (reachable[to] && unit_below(seed, 40) == 0)
        root[unit_below(seed, ROOTS)] = to + 1;
    else if (reachable[to])
        point(i, to, seed);
}

static void look_at_dirty(void)
{
    for (size_t page = 0; page < PAGES; page++)
        if (is_dirty[page]) {
            uintptr_t at = space.cage.begin + page * SYS_PAGE;
            is_dirty[page] = false;
            kept_note(at, at + SYS_PAGE);
            lock_take(LOCK_CAGE);
            remark_range(&mark, at, at + SYS_PAGE, birth);
            lock_release(LOCK_CAGE);
        }
}

static void look_at_carried(uintptr_t from, uintptr_t to, void *arg)
{
    (void)arg;
    lock_take(LOCK_CAGE);
    remark_range(&mark, from, to, birth);
    lock_release(LOCK_CAGE);
}

static void mark_roots(void)
{
    for (int i = 0; i < ROOTS; i++)
        if (root[i])
            mark_word(&mark, (uintptr_t)block[root[i] - 1].words);
}

static void run(unsigned changes, uint64_t *seed)
{
    while (changes--)
        change(seed);
}

/* Begins, and goes on while the program runs and then stands still. */
static void scan_beside(bool again, uint64_t *seed)
{
    begin(again);
    run(30, seed);
    mark_roots();
    if (again)
        kept_each(look_at_carried, NULL);
    mark_flood(&mark);
    look_at_dirty();
    run(30, seed);
    mark_roots();
    look_at_dirty();
    mark_flood(&mark);
    remark_settle(&mark, birth);
    kept_leave(birth);
}

START_TEST(nothing_that_is_reachable_is_lost)
{
    uint64_t seed = unit_seed(4711 + (unsigned)_i);
    size_t lost = 0;
    for (int number = 0; number < 40; number++) {
        bool again = number % 20 && kept_any();
        scan_beside(again, &seed);
        find_reachable();
        for (int i = 0; i < BLOCKS; i++)
            REQUIRE_MSG(!reachable[i] || !is_lost(block[i].words), "scan %d: block %d", number, i);
        if (again)
            mark_each_lost(&mark, count, &lost);
        run(10 + (unsigned)unit_below(&seed, 300), &seed);
    }
    ck_assert_uint_gt(lost, 100); /* partial scans do find what is lost */
}
END_TEST

Suite *suite_kept(void)
{
    Suite *s = suite_create("kept");
    TCase *c = unit_case(s, "kept");
    tcase_add_checked_fixture(c, unit_alive, NULL);
    tcase_add_test(c, what_was_reachable_counts);
    tcase_add_test(c, what_was_lost_stays_so_until_it_is_found);
    tcase_add_test(c, young_blocks_are_looked_for);
    tcase_add_test(c, a_new_block_in_an_old_slot_is_young);
    tcase_add_test(c, a_block_that_was_resized_in_place_is_not_young);
    tcase_add_test(c, what_was_freed_is_not_lost);
    tcase_add_test(c, slabs_that_are_made_anew);
    tcase_add_test(c, possible_blocks);
    tcase_add_test(c, roots_are_looked_through_each_time);
    tcase_add_test(c, pages_are_carried_once);
    tcase_add_test(c, when_there_is_nothing_to_go_on_with);
    tcase_add_test(c, no_memory);
    tcase_add_loop_test(c, nothing_that_is_reachable_is_lost, 0, 10);
    return s;
}
