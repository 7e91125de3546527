/* SPDX-License-Identifier: MIT
 *
 * Owns the memory of our own records. Sizes are multiples of 16 up to 256, then four per doubling; a
 * free list for each, new memory cut from the front of space.meta.
 *
 *   space.meta:  | cut off already, in use or on a free list | next ...            ready ... end |
 *   space.pages: | free bytes of each page of space.meta |
 *
 * Freed pieces are nearly all record arrays of slabs, and the next slab wants one; but after a spike
 * they would be an eighth of it. So pages of which every byte is free are counted and given back to
 * the system when there are many, or one second after the last time. For that the free lists of
 * BIG pieces run through nodes, not through the pieces; there is a spare node for each BIG piece in
 * use, so freeing needs no memory. The first MiB is not counted: small programs touch nothing for it.
 *
 * Invariant: page_free[i] is the sum of the bytes of free BIG pieces on page i (GIVEN_BACK: all of
 * it, and it holds no memory); free_pages is the number of pages where it is SYS_PAGE.
 *
 * Runs in malloc. Lock: LOCK_META, the innermost. */
#include "meta.h"

#include <stdint.h>
#include <string.h>

#include "assert.h"
#include "lock.h"
#include "space.h"
#include "sys.h"

enum {
    BIN_COUNT = 16 + 40 * 4,
    BIG = 512,
    GIVEN_BACK = SYS_PAGE + 1,
    FREE_PAGES_LEAST = (2 << 20) / SYS_PAGE, /* kept for reuse, or an eighth of all */
    EPOCH_MS = 1000,
    NODES_FIRST = 16,
    NODES = 256,
};
static const size_t UNCOUNTED = (size_t)1 << 20;

struct piece {
    struct piece *next;
    void *memory; /* of a node; a small piece is its own node */
};

static struct piece *free_lists[BIN_COUNT];
static struct piece *spare_nodes;
static size_t spare_count, big_count; /* spare nodes, BIG pieces in use: never more of these */
static uintptr_t next;
static size_t free_pages;
static uint64_t epoch_ms;
long meta_fail_after = -1;

/* Rounds up to the size of a bin; its number, BIN_COUNT or more if there is none. */
static unsigned bin_of(size_t *bytes)
{
    size_t n = *bytes ? *bytes - 1 : 0;
    if (n < 256) {
        *bytes = (n | 15) + 1;
        return (unsigned)n >> 4;
    }
    unsigned top = 63 - (unsigned)__builtin_clzl(n);
    unsigned quarter = (unsigned)(n >> (top - 2)) & 3;
    *bytes = (size_t)(4 + quarter + 1) << (top - 2);
    return 16 + (top - 8) * 4 + quarter;
}

/* --- Pages ------------------------------------------------------------------------------------ */

static uint16_t *page_free(size_t page)
{
    return (uint16_t *)space.pages.begin + page;
}

/* Counts a piece as free or as taken. */
static void count(uintptr_t begin, size_t bytes, bool is_free)
{
    uintptr_t end = begin + bytes;
    begin = begin < space.meta.begin + UNCOUNTED ? space.meta.begin + UNCOUNTED : begin;
    while (begin < end) {
        uintptr_t page_end = (begin & -(uintptr_t)SYS_PAGE) + SYS_PAGE;
        uint16_t part = (uint16_t)((end < page_end ? end : page_end) - begin);
        uint16_t *at = page_free((begin - space.meta.begin) / SYS_PAGE);
        free_pages -= *at == SYS_PAGE;
        if (*at == GIVEN_BACK)
            *at = SYS_PAGE;
        *at = (uint16_t)(is_free ? *at + part : *at - part);
        ASSERT(*at <= SYS_PAGE);
        free_pages += *at == SYS_PAGE;
        begin = page_end;
    }
}

/* Gives the pages [from, to) back; false when the system refuses. */
static bool give_back(size_t from, size_t to)
{
    if (sys_discard((void *)(space.meta.begin + from * SYS_PAGE), (to - from) * SYS_PAGE))
        return false;
    for (size_t i = from; i < to; i++)
        *page_free(i) = GIVEN_BACK;
    free_pages -= to - from;
    return true;
}

static void settle(void)
{
    size_t pages = (next - space.meta.begin) / SYS_PAGE;
    size_t most = pages / 8 > FREE_PAGES_LEAST ? pages / 8 : FREE_PAGES_LEAST;
    uint64_t now = sys_now_coarse() / 1000000;
    if (!free_pages || (free_pages <= most && now - epoch_ms < EPOCH_MS))
        return;
    epoch_ms = now;
    for (size_t i = UNCOUNTED / SYS_PAGE, run = i; i < pages && free_pages; run = ++i) {
        while (i < pages && *page_free(i) == SYS_PAGE)
            i++;
        if (i > run && !give_back(run, i))
            return;
    }
}

/* --- Pieces ----------------------------------------------------------------------------------- */

/* New memory, from the front. */
static void *cut(size_t bytes)
{
    if (!next)
        next = space.meta.begin;
    uintptr_t end = next + bytes;
    if (bytes > space.meta.end - next || !space_grow(&space.meta, end) ||
        (end > space.meta.begin + UNCOUNTED &&
         !space_grow(&space.pages, (uintptr_t)page_free((end - space.meta.begin) / SYS_PAGE + 1))))
        return NULL;
    void *p = (void *)next;
    next = end;
    return p;
}

static void *alloc_small(unsigned bin, size_t bytes)
{
    struct piece *p = free_lists[bin];
    if (!p)
        return cut(bytes);
    free_lists[bin] = p->next;
    return p;
}

static void add_spare(struct piece *node)
{
    node->next = spare_nodes;
    spare_nodes = node;
    spare_count++;
}

/* A piece never used before, and a node for it. Nodes come many at a time, because the page that a
 * node lies on is never free. */
static void *new_big(size_t bytes)
{
    if (spare_count == big_count) {
        size_t n = big_count < NODES ? NODES_FIRST : NODES;
        struct piece *node = cut(n * sizeof *node);
        for (size_t i = 0; node && i < n; i++)
            add_spare(node + i);
    }
    void *p = spare_count > big_count ? cut(bytes) : NULL;
    big_count += p != NULL;
    return p;
}

static void *alloc_big(unsigned bin, size_t bytes)
{
    struct piece *node = free_lists[bin];
    if (!node)
        return new_big(bytes);
    void *p = node->memory;
    free_lists[bin] = node->next;
    add_spare(node);
    big_count++;
    count((uintptr_t)p, bytes, false);
    return p;
}

/* *ret_is_new: never used before, so all zeros. */
static void *take(size_t bytes, bool *ret_is_new)
{
    if (bytes > (size_t)1 << 47)
        return NULL;
    unsigned bin = bin_of(&bytes);
    lock_take(LOCK_META);
    uintptr_t before = next;
    void *p = NULL;
    if (meta_fail_after != 0)
        p = bytes < BIG ? alloc_small(bin, bytes) : alloc_big(bin, bytes);
    if (meta_fail_after >= 0)
        meta_fail_after--;
    *ret_is_new = next != before;
    lock_release(LOCK_META);
    return p;
}

void *meta_alloc(size_t bytes)
{
    bool is_new;
    return take(bytes, &is_new);
}

void *meta_alloc_zeroed(size_t bytes)
{
    bool is_new;
    void *p = take(bytes, &is_new);
    return p && !is_new ? memset(p, 0, bytes) : p;
}

void meta_free(void *memory, size_t bytes)
{
    struct piece *p = memory;
    if (!p)
        return;
    unsigned bin = bin_of(&bytes);
    lock_take(LOCK_META);
    if (bytes >= BIG) {
        p = spare_nodes;
        ASSERT(p);
        spare_nodes = p->next;
        spare_count--;
        big_count--;
        p->memory = memory;
        count((uintptr_t)memory, bytes, true);
    }
    p->next = free_lists[bin];
    free_lists[bin] = p;
    if (bytes >= BIG)
        settle();
    lock_release(LOCK_META);
}
