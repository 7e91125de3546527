/* SPDX-License-Identifier: MIT
 *
 * Owns the scan that lets the program run (Boehm, Demers, Shenker, "Mostly parallel garbage
 * collection", 1991); on one page:
 *
 *   1 from here on the kernel notes which pages of the cage are written                  dirty.c
 *   2 the clock steps forward: what is allocated from here on is younger than `birth`
 *   3 note which blocks there are; of a partial scan: which are new                      note.c, kept.c
 *   4 one thread after the other is stopped: registers, stack, thread-local storage     roots.c
 *   5 running: the other roots; follow pointers through the heap, which changes meanwhile
 *   6 running: look again at what was written, protect it again, until that is little    remark.c
 *   7 only if any block is left that nothing was found to lead to, and that is not known for a leak.
 *     Last stop: registers, stacks, all other roots, and what was written last. If that takes longer
 *     than allowed, the threads go on, what was begun is finished while they run, and 6 and 7 are done
 *     again; the time allowed doubles after some tries, and in the end another method has to do it
 *   8 running: what is neither reached nor young nor freed is lost                       remark.c, classify.c
 *
 * Why it is right. At the end of 7 each block that was found is black: its contents were looked through,
 * and what was written to its pages afterwards was looked at again. Young blocks are black from the
 * beginning: all that they hold was written after 1. So no black block holds a pointer to one that was
 * not found, and the roots, all of them looked at while nothing moved, do not either. Without 7: what was
 * found was reachable at some moment of the scan, and what was a leak once stays one.
 *
 * What can go wrong meanwhile, and why it does not:
 *  - a slab is given back and made anew, another block takes a slot: the mark follows what was noted in 3,
 *    reads only memory of the cage, and may keep a block that is gone; what is new is young (remark.c)
 *  - realloc moves pages: not while writes are followed (cage_is_followed); in place: young
 *  - a block's record comes before its contents: or what was written before 1 would be noted nowhere
 *  - pages are given back to the system: they read as zero
 *  - a thread allocates with a clock that it read before 2, and stores the record after 3: the block was
 *    not noted, so it counts as reachable; in a slot that was noted it is found like any other
 *  - the program takes access from its blocks (mprotect, munmap): it waits until the scan is given up
 *    (preload/hooks_memory.c)
 *  - fork: the child follows nothing and forgets the scan; the parent goes on
 *
 * A partial scan takes for reachable what the scan before found so (kept.c).
 *
 * Runs in the thread of our own. */
#include "concurrent.h"

#include "../preload/cage.h"
#include "../preload/clock.h"
#include "../preload/ghost.h"
#include "../preload/lock.h"
#include "../preload/options.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "crew.h"
#include "dirty.h"
#include "kept.h"
#include "kernel.h"
#include "remark.h"
#include "roots.h"
#include "stop.h"

enum {
    ROUNDS_MOST = 8,            /* of step 6 */
    LITTLE_PAGES = 32,          /* that can wait for the last stop */
    THREADS_SPARE = 64,         /* that may start while they are listed */
    IMPATIENT_MS = 2,           /* with a thread that does not stop, where another did not */
    TRIES_MOST = 7,             /* of step 7 */
    TRIES_AT_FIRST = 3,         /* with the time that was asked for */
    NAP_NS = 2000000,           /* after a stop that was given up */
    CREW_BYTES = 256 << 20,     /* of heap, for each helper */
    FOLLOWED_MOST = 128,        /* mappings */
    FOLLOWED_LEAST = 512 << 10, /* bytes of a mapping */
    LONG_NS = 5000000,
    ROOT_BYTES_NS = 2,  /* bytes of roots that are looked through in a nanosecond */
    PAGES_AT_ONCE = 64, /* looked at under one lock */
    PAGE_NS = 500,      /* that one page takes at least */
};

struct cycle {
    struct live *live;
    struct maps maps;
    struct mark mark;
    uint32_t birth;
    uint64_t first_ns; /* the first look at threads took so long: as the last stop will, about */
    size_t root_bytes; /* that the last stop will have to look through */
    size_t pages;      /* written since the last look */
    uint64_t look_ns;  /* that look took so long */
    struct dirty_plan *plan;
    unsigned crew;
};

static const char untold[] = "the kernel stopped telling what is written";

static size_t growth(size_t slices)
{
    const size_t most = ((size_t)4 << 30) >> SLICE_SHIFT;
    return slices + (slices < most ? slices : most) + ((size_t)64 << 20 >> SLICE_SHIFT);
}

static void note_before(uintptr_t begin, uintptr_t end, void *arg)
{
    struct cycle *c = arg;
    c->live->scan.dirty_pages += (end - begin) / SYS_PAGE;
    kept_note_before(begin, end);
}

/* Since the last scan, before this one takes its stamp. */
static void take_written_before(struct cycle *c)
{
    uintptr_t at = 0;
    do
        if (!dirty_take(&at, SIZE_MAX >> 1, note_before, c))
            c->live->scan.failure = untold;
    while (at && !c->live->scan.failure);
}

/* Steps 1 to 3. */
static bool prepare(struct cycle *c)
{
    size_t slices = (space_cage_ready() - space.cage.begin) >> SLICE_SHIFT;
    size_t all = (space.cage.end - space.cage.begin) >> SLICE_SHIFT;
    size_t known = growth(slices) < all ? growth(slices) : all;
    bool partial = c->live->partial && kept_any();
    struct mark_kept kept;
    kernel_ask();
    if (!maps_present_open()) {
        c->live->why = "no_pagemap";
        return false;
    }
    if (!dirty_begin(partial, &c->live->why))
        return false;
    bool room = kept_begin(partial, known, &kept);
    if (partial)
        take_written_before(c);
    c->birth = clock_advance();
    kept_began(c->birth);
    size_t cage = (space_cage_ready() - space.cage.begin + SLICE_BYTES - 1) >> SLICE_SHIFT;
    c->live->was_partial = partial;
    if (!room || !maps_read(&c->maps) || !mark_init_live(&c->mark, &c->maps, &kept))
        c->live->scan.failure = "no memory for marking";
    else if (cage > kept.slices) /* what is there was protected, and can't be noted */
        c->live->scan.failure = "the heap has grown too much meanwhile";
    return true;
}

static void look_again(uintptr_t begin, uintptr_t end, void *arg)
{
    struct cycle *c = arg;
    c->pages += (end - begin) / SYS_PAGE;
    kept_note(begin, end);
    remark_range(&c->mark, begin, end, c->birth);
}

/* A page that was written since the scan before; or during it, when it did not know the blocks that were made. */
static void look_at_carried(uintptr_t begin, uintptr_t end, void *arg)
{
    struct cycle *c = arg;
    if (ghost_is_hurried()) /* what is left out now would not be looked at later */
        c->live->scan.failure = LIVE_GIVEN_UP;
    if (c->live->scan.failure)
        return;
    lock_take(LOCK_CAGE);
    remark_range(&c->mark, begin, end, c->birth);
    lock_release(LOCK_CAGE);
}

static void look_at_root(uintptr_t begin, uintptr_t end, void *arg)
{
    struct cycle *c = arg;
    size_t across = c->mark.every_byte ? SYS_PAGE : 0; /* words that begin before, or end behind */
    c->pages += (end - begin) / SYS_PAGE;
    mark_range_safe(&c->mark, begin - across, end + across);
}

/* Large mappings are looked through once, then followed like the cage. */
static void follow_roots(struct cycle *c, struct roots *roots)
{
    size_t followed = 0;
    for (size_t i = 0; i < c->maps.count && followed < FOLLOWED_MOST; i++) {
        const struct map *m = &c->maps.map[i];
        if (!m->is_private || !m->writable || !m->readable || m->is_special || m->is_main_stack ||
            m->end - m->begin < FOLLOWED_LEAST || !options.use_globals || !options.use_mapped ||
            !roots_is_untouched(roots, m->begin, m->end) || !dirty_follow(m->begin, m->end))
            continue;
        followed++;
        maps_present(m->begin, m->end, PAGES_OWN, look_at_root, c);
        roots_skip(roots, m->begin, m->end);
    }
}

static void skip_followed(struct roots *roots)
{
    struct dirty_range range;
    bool whole;
    for (size_t i = 0; dirty_followed(i, &range, &whole); i++)
        if (whole)
            roots_skip(roots, range.begin, range.end);
}

/* How many pages were written; what was found there is on the worklist. */
static size_t take_dirty(struct cycle *c)
{
    struct dirty_range range;
    bool whole, told = true;
    uintptr_t at = 0;
    uint64_t begun = sys_now();
    c->pages = 0;
    for (size_t i = 0; told && dirty_followed(i, &range, &whole); i++)
        told = dirty_take_followed(i, look_at_root, c);
    do { /* some pages at a time, under one lock */
        lock_take(LOCK_CAGE);
        told = told && dirty_take(&at, PAGES_AT_ONCE, look_again, c);
        lock_release(LOCK_CAGE);
    } while (told && at && !ghost_is_hurried());
    if (!told)
        c->live->scan.failure = untold;
    c->live->scan.dirty_pages += c->pages;
    c->look_ns = sys_now() - begun;
    return c->pages;
}

/* The same while the program stands still, until that has taken too long; whether it was all. */
static bool take_last(struct cycle *c, uint64_t until)
{
    bool all;
    c->pages = 0;
    if (!dirty_take_all(c->plan, until, look_again, look_at_root, c, &all))
        c->live->scan.failure = untold;
    c->live->scan.dirty_pages += c->pages;
    return all;
}

static bool is_over(const struct cycle *c)
{
    if (ghost_is_hurried())
        c->live->scan.failure = LIVE_GIVEN_UP;
    else if (c->mark.failed)
        c->live->scan.failure = "no memory for marking";
    return c->live->scan.failure != NULL;
}

static void append(struct stop *all, const struct stop *one)
{
    struct stopped **end = &all->threads;
    while (*end)
        end = &(*end)->next;
    *end = one->threads;
    all->count += one->count;
    all->missed += one->missed;
}

/* Step 4: one thread after the other, so that none waits for another. What one hands to another meanwhile
 * may be overlooked: it is found in step 6 or 7, or was not lost. */
static bool look_at_threads(struct cycle *c, struct roots *roots, struct stop *all)
{
    struct scan_result *scan = &c->live->scan;
    size_t most = world_threads(NULL, 0) + THREADS_SPARE;
    int *tid = scratch_alloc(most * sizeof *tid);
    lock_take_all(LOCK_CHECK + 1);
    bool enough = tid && roots_begin(roots, most);
    lock_release_all(LOCK_CHECK + 1);
    if (!enough) {
        scan->failure = "no memory for the list of roots";
        return false;
    }
    size_t count = world_threads(tid, most);
    count = count < most ? count : most;
    *all = (struct stop){.process = sys_getpid()};
    for (size_t i = 0; i < count && !is_over(c); i++) {
        struct stop one;
        if (!scan_stop_some(&one, all->missed ? IMPATIENT_MS : c->live->patience_ms, tid + i, 1,
                            scan))
            return false;
        roots_mark_stopped(roots, &one);
        scan_resume(&one, scan);
        append(all, &one);
    }
    uint64_t before = sys_now();
    lock_take_all(LOCK_CHECK + 1);
    roots_mark_rest(roots);
    lock_release_all(LOCK_CHECK + 1);
    c->first_ns = scan->stops_ns + sys_now() - before;
    scan_note_threads(all, scan);
    return !is_over(c);
}

/* Steps 4 and 5. */
static bool first_marking(struct cycle *c)
{
    struct stop all;
    struct roots roots = {
        .m = &c->mark, .maps = &c->maps, .stop = &all, .spare = FOLLOWED_MOST, .beside = true};
    roots_mark_blocks(&c->mark, true);
    if (!look_at_threads(c, &roots, &all))
        return false;
    follow_roots(c, &roots);
    c->root_bytes = c->mark.root_bytes;
    roots_mark_mappings(&roots);
    c->root_bytes = c->mark.root_bytes - c->root_bytes;
    c->live->scan.root_bytes = c->mark.root_bytes;
    if (c->live->was_partial)
        kept_each(look_at_carried, c);
    mark_flood_until(&c->mark, UINT64_MAX);
    return !is_over(c);
}

/* Step 6. How many pages were written during the last look. */
static size_t catch_up(struct cycle *c)
{
    size_t before = SIZE_MAX;
    size_t pages = 0;
    for (int round = 0; round < ROUNDS_MOST && !is_over(c); round++) {
        pages = take_dirty(c);
        mark_flood_until(&c->mark, UINT64_MAX);
        if (pages <= LITTLE_PAGES || pages > before / 2)
            break;
        before = pages;
    }
    return pages;
}

/* Step 7; whether the mark is complete. */
static bool last_stop(struct cycle *c, uint64_t budget_ns)
{
    struct stop stop;
    struct roots roots = {
        .m = &c->mark, .maps = &c->maps, .stop = &stop, .spare = FOLLOWED_MOST, .present = true};
    struct scan_result *scan = &c->live->scan;
    bool done = false;
    size_t roots_before = c->mark.root_bytes;
    kernel_ask();
    if (!scan_stop(&stop, c->live->patience_ms, scan))
        return false;
    uint64_t until = stop.begun_ns + budget_ns;
    if (stop.missed == 0 && take_last(c, until) && sys_now() < until &&
        roots_mark_threads(&roots)) {
        skip_followed(&roots);
        roots_mark_present(&roots);
        scan->root_bytes = c->mark.root_bytes - roots_before;
        done = mark_flood_until(&c->mark, until);
    }
    scan_resume(&stop, scan);
    return done && !is_over(c);
}

/* A stop that would take too long for what is known to wait for it is not even tried. */
static bool is_hopeless(const struct cycle *c, size_t pages, uint64_t budget_ns)
{
    uint64_t shared_ns = c->look_ns / (1 + c->crew);
    uint64_t look_ns = pages * PAGE_NS > shared_ns ? pages * PAGE_NS : shared_ns;
    return look_ns + c->root_bytes / ROOT_BYTES_NS > budget_ns;
}

/* Steps 6 and 7. */
static bool finish_marking(struct cycle *c)
{
    uint64_t budget = c->live->max_pause_us * 1000;
    uint64_t longest = budget << (TRIES_MOST - TRIES_AT_FIRST);
    c->plan = dirty_plan();
    if (!c->plan) {
        c->live->scan.failure = "no memory for what is written";
        return false;
    }
    while (budget < 2 * c->first_ns && budget < longest) /* so many threads take so long to stop */
        budget *= 2;
    for (unsigned try = 0; try < TRIES_MOST; try++) {
        size_t pages = catch_up(c);
        if (is_over(c))
            return false;
        if (!remark_has_lost(&c->mark, c->birth, c->live->is_leak)) {
            c->live->scan.complete = true; /* whatever a thread holds that was missed */
            return true;
        }
        if (is_hopeless(c, pages, longest)) {
            bool may_change = !is_hopeless(c, 0, longest); /* perhaps nothing is left next time */
            if (!may_change || try >= TRIES_AT_FIRST || ghost_nap(NAP_NS))
                return false;
            continue;
        }
        if (try >= TRIES_AT_FIRST)
            budget *= 2;
        c->live->tries = try;
        c->live->budget_us = budget / 1000;
        if (!is_hopeless(c, pages, budget) && last_stop(c, budget))
            return true;
        if (is_over(c) || !c->live->scan.complete || ghost_nap((uint64_t)NAP_NS << try / 2))
            return false; /* a thread that does not stop is not asked again soon */
        mark_flood_until(&c->mark, UINT64_MAX);
    }
    return false;
}

static void sum_up(struct cycle *c)
{
    struct scan_result *scan = &c->live->scan;
    scan->marked_blocks = c->mark.marked_blocks;
    scan->marked_bytes = c->mark.marked_bytes;
    scan->total[LOSS_REACHABLE] = (struct scan_total){c->mark.live_bytes, c->mark.live_blocks};
}

static void count_and_collect(const struct block *b, enum loss_kind kind, struct carried carried,
                              void *arg)
{
    struct cycle *c = arg;
    struct scan_total *total = c->live->scan.total;
    if (record_birth(b->record) >= c->birth)
        return;
    total[kind].bytes += b->bytes;
    total[kind].blocks++;
    total[LOSS_REACHABLE].bytes -= b->bytes;
    total[LOSS_REACHABLE].blocks--;
    live_collect(b, kind, carried, c->live);
}

bool concurrent_scan(struct live *l)
{
    struct cycle *c = scratch_alloc(sizeof *c);
    if (!c) {
        l->why = "no_memory";
        return false;
    }
    c->live = l;
    uint64_t begun = sys_now();
    bool done = false;
    c->crew = crew_begin((unsigned)((space_cage_ready() - space.cage.begin) / CREW_BYTES));
    if (!prepare(c)) {
        kept_forget();
        crew_end();
        maps_present_close();
        return false;
    }
    if (!l->scan.failure && first_marking(c) && finish_marking(c)) {
        l->scan.mark_ns = sys_now() - begun;
        sum_up(c);
        remark_settle(&c->mark, c->birth);
        done = classify_lost(&c->mark, count_and_collect, c);
    }
    if (done && !c->mark.cage_has_holes) /* what could not be read may be read the next time */
        kept_leave(c->birth);
    else
        kept_forget();
    dirty_end();
    crew_end();
    maps_present_close();
    if (!done && !l->scan.failure && l->scan.complete)
        l->why = c->root_bytes / ROOT_BYTES_NS > LONG_NS ? "roots_too_large" : "writes_too_fast";
    return done || l->scan.failure || !l->scan.complete;
}
