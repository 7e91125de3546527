/* SPDX-License-Identifier: MIT
 *
 * Owns weak references.
 *
 * The idea: the marker knows nothing of them. While the world is stopped their slots are empty, so that
 * nothing is found there; before it goes on, the pointers are put back, but for those of lost blocks. So
 * nobody can take a pointer out of a slot while it is being decided that its block is lost.
 *
 *   program runs    stopped: hidden, marked, judged      program runs
 *   slot = p        slot = NULL    p is reached          slot = p
 *   slot = p        slot = NULL    p is lost             slot = NULL, weak_call() calls its function
 *
 * Which block a slot means: the one that its pointer pointed to when it was registered, or when a search first
 * found this pointer there. The block's record is kept; if another one is at the address by then, the
 * block is gone, and the slot becomes empty. So that a block which takes its place in the same moment has
 * another record, a birth stamp that is still the present one is put back by one: no new block has it.
 *
 * Invariants: 1. the array is in order of slot, each once. 2. hidden != 0 only while the world is stopped.
 *
 * Runs in any context of the program, under LOCK_ASKED; hide and show with the world stopped, or in a copy
 * of the process, whose slots are its own. */
#include "weak.h"

#include <string.h>

#include "../preload/clock.h"
#include "../preload/init.h"
#include "../preload/leakgc.h"
#include "../preload/lock.h"
#include "../preload/meta.h"
#include "../preload/sys.h"

enum { STEP = 32 };

typedef void weak_fn(void **slot, void *arg);

struct named { /* a block, for as long as it is the same */
    uintptr_t address;
    record record; /* 0: none */
};

struct weak {
    void **slot;
    weak_fn *lost;
    void *arg;
    struct named block; /* that the slot means */
    struct named home;  /* that the slot lies in */
    uintptr_t hidden;
    bool due;
};

static struct weak *weaks;
static size_t count, room;
static size_t due_count;

bool weak_any(void)
{
    return __atomic_load_n(&count, __ATOMIC_RELAXED) != 0;
}

static size_t place_of(void **slot)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (weaks[middle].slot < slot)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct weak *find(void **slot)
{
    size_t at = place_of(slot);
    return at < count && weaks[at].slot == slot ? &weaks[at] : NULL;
}

static struct weak *insert(void **slot)
{
    if (count == room) {
        struct weak *more = meta_alloc((2 * room + STEP) * sizeof *more);
        if (!more)
            return NULL;
        if (count)
            memcpy(more, weaks, count * sizeof *more);
        meta_free(weaks, room * sizeof *weaks);
        weaks = more;
        room = 2 * room + STEP;
    }
    size_t at = place_of(slot);
    memmove(&weaks[at + 1], &weaks[at], (count - at) * sizeof *weaks);
    __atomic_store_n(&count, count + 1, __ATOMIC_RELAXED);
    weaks[at] = (struct weak){.slot = slot};
    return &weaks[at];
}

static void forget(struct weak *w)
{
    due_count -= w->due;
    __atomic_store_n(&count, count - 1, __ATOMIC_RELAXED);
    memmove(w, w + 1, (count - (size_t)(w - weaks)) * sizeof *w);
}

bool weak_is_slot(uintptr_t address)
{
    if (!weak_any())
        return false;
    lock_take(LOCK_ASKED);
    bool found = find((void **)address) != NULL;
    lock_release(LOCK_ASKED);
    return found;
}

/* --- Blocks that stay the same ------------------------------------------------------------------ */

static struct named name(uintptr_t address, bool may_change)
{
    struct block b;
    struct named none = {address, 0};
    if (!alloc_find(address, &b))
        return none;
    if (!may_change || record_birth(b.record) < clock_birth())
        return (struct named){address, b.record};
    if (!record_birth(b.record)) {
        clock_step(1);
        return (struct named){address, b.record};
    }
    record older = b.record - 1; /* the birth is the lowest field */
    if (!__atomic_compare_exchange_n(&b.slab->records[b.index], &b.record, older, false,
                                     __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        return none; /* changed just now */
    return (struct named){address, older};
}

/* ignoring a block changes its record, and leaves it the same. */
static bool is_there(const struct named *n)
{
    struct block b;
    return !n->record ||
           (alloc_find(n->address, &b) && (b.record | RECORD_ROOT) == (n->record | RECORD_ROOT));
}

/* --- For the program ---------------------------------------------------------------------------- */

LEAKGC_EXPORT int leakgc_weak_register(void **slot, weak_fn *lost, void *arg)
{
    if (lock_held || !init_early() || !slot || (uintptr_t)slot % sizeof *slot)
        return -1;
    lock_take(LOCK_ASKED);
    struct weak *w = find(slot);
    if (!w)
        w = insert(slot);
    if (w) {
        due_count -= w->due;
        *w = (struct weak){.slot = slot, .lost = lost, .arg = arg};
        w->block = name(__atomic_load_n((uintptr_t *)slot, __ATOMIC_RELAXED), true);
        w->home = name((uintptr_t)slot, true);
    }
    lock_release(LOCK_ASKED);
    return w ? 0 : -1;
}

LEAKGC_EXPORT int leakgc_weak_unregister(void **slot)
{
    if (lock_held)
        return -1;
    lock_take(LOCK_ASKED);
    struct weak *w = find(slot);
    if (w)
        forget(w);
    lock_release(LOCK_ASKED);
    return w ? 0 : -1;
}

bool weak_call(long *called)
{
    struct weak due = {0};
    lock_take(LOCK_ASKED);
    for (size_t i = 0; due_count && i < count && !due.slot; i++)
        if (weaks[i].due) {
            due = weaks[i];
            weaks[i].due = false;
            due_count--;
        }
    lock_release(LOCK_ASKED);
    if (due.lost) {
        ++*called;
        due.lost(due.slot, due.arg);
    }
    return due.slot != NULL;
}

/* --- For a search ------------------------------------------------------------------------------- */

/* Its word, if it is private memory that can be written; else 0. */
static uintptr_t read_slot(const struct maps *maps, const struct weak *w)
{
    const struct map *map = maps_find(maps, (uintptr_t)w->slot);
    uintptr_t word;
    if (!map || !map->is_private || !map->readable || !map->writable ||
        sys_peek(&word, w->slot, sizeof word) != sizeof word)
        return 0;
    return word;
}

static void hide(const struct maps *maps, bool may_change, struct weak *w)
{
    uintptr_t word = read_slot(maps, w);
    if (!word)
        return;
    if (w->block.address != word)
        w->block = name(word, may_change);
    bool gone = w->block.record && !is_there(&w->block);
    if (gone || !w->block.record)
        w->block = (struct named){0, 0};
    if (gone)
        *w->slot = NULL;
    if (!w->block.record)
        return;
    w->hidden = word;
    *w->slot = NULL;
}

void weak_hide(const struct maps *maps, bool for_program)
{
    for (size_t i = count; i-- > 0;)
        if (!is_there(&weaks[i].home))
            forget(&weaks[i]);
    for (size_t i = 0; i < count; i++)
        hide(maps, for_program, &weaks[i]);
}

static bool is_lost(const struct mark *m, uintptr_t address)
{
    struct block b;
    return alloc_find(address, &b) && !mark_is_reachable(m, b.slab, b.index) &&
           !mark_is_possible(m, b.slab, b.index);
}

void weak_show(const struct mark *m)
{
    for (size_t i = 0; i < count; i++) {
        struct weak *w = &weaks[i];
        if (!w->hidden)
            continue;
        bool lost = m && is_lost(m, w->hidden);
        if (!lost)
            *w->slot = (void *)w->hidden;
        due_count += lost && !w->due;
        w->due |= lost;
        w->hidden = 0;
        if (lost)
            w->block = (struct named){0, 0};
    }
}
