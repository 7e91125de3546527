/* SPDX-License-Identifier: MIT
 *
 * Owns what a scan knows of the one before (Demers, Weiser, Hayes, Boehm, Bobrow, Shenker, "Combining
 * generational and conservative garbage collection", 1990: sticky mark bits). Most of a large heap is as it was a
 * minute ago. So a partial scan takes blocks that were reachable then for reachable, and finds the
 * others: younger ones, and those that were lost. It looks at the roots, at pages that were written
 * since, and at what is reached anew.
 *
 *   kept      | carried | carried | shape   | unreached               | possible                |   for `slices`
 *             | 1 bit a page, twice | mark.h  | 1 bit a slot            | the same                |   slices
 *   resized   | 1 bit a slot, set by realloc (space.h)       |
 *
 * Why nothing that is reachable is called lost. A block that the scan before found reachable counts. Let B be
 * younger than the beginning of that scan, and P a block that counts and points to B. P holds the
 * pointer since B was made; so P's page was written since the beginning of that scan, when all pages
 * were protected before B's birth stamp was given out. Either the page is still dirty, or that scan, which did not
 * know B, looked at it, protected it again and noted it here (carried). Both are looked at. What was written before
 * that scan's stamp is protected before it, and not carried.
 *  - realloc in place gives a block a new stamp under an old pointer: the bit `resized` of its slot is set,
 *    and it counts as before. That is so for blocks older than the scan, and for all of them while it takes its
 *    stamp: who reads the clock later finds the later stamp published. The bit is set after the clock was read and
 *    before the record is stored; all bits are cleared before a full scan steps the clock, and none before a
 *    partial one.
 *  - roots are looked at anew, blocks with RECORD_ROOT too (note.c)
 *  - what a scan takes for reachable because it can't know (remark_settle) is young, free, or a root
 *
 * What is lost since then, and older, stays unknown until the next full scan (report/pace.c says when).
 *
 * Runs in the thread of our own. */
#include "kept.h"

#include "../preload/clock.h"
#include "../preload/sys.h"

enum { PAGES_IN_SLICE = SLICE_BYTES / SYS_PAGE };
static const uint32_t ALWAYS = UINT32_MAX;

static uint32_t since; /* 0: nothing is left */
static size_t slices;  /* for which there is room */
static uint64_t *carried[2];
static unsigned now; /* which of them is of the scan that runs */

static size_t carried_bytes(size_t of)
{
    return (of * PAGES_IN_SLICE / 8 + SYS_PAGE - 1) & ~(size_t)(SYS_PAGE - 1);
}

/* Blocks of which age need a bit `resized`. */
static void publish(uint32_t birth)
{
    __atomic_store_n(&space_kept_since, birth, __ATOMIC_SEQ_CST);
}

static void discard(struct space_part *part)
{
    if (part->ready > part->begin)
        sys_clear((void *)part->begin, part->ready - part->begin);
}

bool kept_any(void)
{
    return since && since < CLOCK_LAST &&
           space_cage_ready() - space.cage.begin <= slices << SLICE_SHIFT;
}

/* Once kept, slots may be resized at any time. */
static bool make_room(size_t wanted)
{
    size_t bytes = 2 * carried_bytes(wanted) + wanted * sizeof(struct mark_slice) +
                   2 * mark_bits_bytes(wanted);
    kept_forget();
    if (!space_grow(&space.kept, space.kept.begin + bytes) ||
        !space_grow(&space.resized, space.resized.begin + mark_bits_bytes(wanted)))
        return false;
    slices = wanted;
    for (int i = 0; i < 2; i++)
        carried[i] = (uint64_t *)(space.kept.begin + (size_t)i * carried_bytes(slices));
    return true;
}

bool kept_begin(bool again, size_t wanted, struct mark_kept *ret)
{
    if (!again && !make_room(wanted))
        return false;
    uintptr_t shape = space.kept.begin + 2 * carried_bytes(slices);
    uintptr_t bits = shape + slices * sizeof(struct mark_slice);
    *ret = (struct mark_kept){
        .shape = (struct mark_slice *)shape,
        .unreached = (uint64_t *)bits,
        .possible = (uint64_t *)(bits + mark_bits_bytes(slices)),
        .resized = (const uint64_t *)space.resized.begin,
        .slices = slices,
        .since = again ? since : 0,
    };
    since = 0;
    now = !now;
    sys_clear(carried[now], carried_bytes(slices));
    publish(ALWAYS);
    return true;
}

void kept_began(uint32_t birth)
{
    publish(birth);
}

static void note(uint64_t *pages, uintptr_t begin, uintptr_t end)
{
    for (; begin < end; begin += SYS_PAGE) {
        size_t page = (begin - space.cage.begin) / SYS_PAGE;
        if (page < slices * PAGES_IN_SLICE)
            pages[page / 64] |= (uint64_t)1 << page % 64;
    }
}

void kept_note(uintptr_t begin, uintptr_t end)
{
    note(carried[now], begin, end);
}

void kept_note_before(uintptr_t begin, uintptr_t end)
{
    note(carried[!now], begin, end);
}

void kept_each(void (*visit)(uintptr_t begin, uintptr_t end, void *arg), void *arg)
{
    for (size_t i = 0; i < (slices * PAGES_IN_SLICE + 63) / 64; i++)
        for (uint64_t left = carried[!now][i]; left; left &= left - 1) {
            size_t page = i * 64 + (unsigned)__builtin_ctzl(left);
            uintptr_t begin = space.cage.begin + page * SYS_PAGE;
            visit(begin, begin + SYS_PAGE, arg);
        }
}

void kept_leave(uint32_t birth)
{
    since = birth;
}

void kept_forget(void)
{
    publish(0);
    since = 0;
    slices = 0;
    discard(&space.kept);
    discard(&space.resized);
}
