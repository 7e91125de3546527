/* SPDX-License-Identifier: MIT
 *
 * Owns the list of lost blocks that the program is to be told of, and leakgc_poll, the only place where
 * functions of the program are called.
 *
 *   thread of our own   finds new leaks   ->  news = true
 *   leakgc_poll         news: leakgc_scan ->  weak slots emptied (weak.c), blocks listed here
 *                       calls what is due, no lock held
 *
 * Why so: the thread of our own has no libc, a signal handler or the middle of a search are no place for code
 * that knows nothing of us, and at the end the objects that it may use are destroyed already.
 *
 * The list is memory of our own, so being on it keeps no block. A block that was freed since, by the
 * function for another one, say, is not told. Which blocks were put on it is remembered as long as they are
 * there: a search during the call of the function finds its argument, and so the block is not lost for once.
 *
 * Runs in ordinary context. Lock: LOCK_ASKED. */
#include "lost.h"

#include <string.h>

#include "../preload/alloc.h"
#include "../preload/leakgc.h"
#include "../preload/lock.h"
#include "../preload/meta.h"
#include "../preload/options.h"
#include "../scanner/weak.h"

enum { STEP = 64 };

typedef void lost_fn(void *block, size_t bytes, enum leakgc_kind kind, void *arg);

struct lost {
    uintptr_t begin;
    record record;
    enum leakgc_kind kind;
};

static lost_fn *function;
static void *argument;
static struct lost *list;
static size_t count, room;
static struct lost *listed; /* all that were ever put on the list, as far as they are still there */
static size_t listed_count, listed_room;
static bool news;

LEAKGC_EXPORT int leakgc_on_lost(lost_fn *lost, void *arg)
{
    if (lock_held)
        return -1;
    lock_take(LOCK_ASKED);
    __atomic_store_n(&function, lost, __ATOMIC_RELAXED);
    argument = arg;
    lock_release(LOCK_ASKED);
    return 0;
}

static bool put(const struct lost *l)
{
    if (count == room) {
        struct lost *more = meta_alloc((2 * room + STEP) * sizeof *more);
        if (!more)
            return false;
        if (count)
            memcpy(more, list, count * sizeof *more);
        meta_free(list, room * sizeof *list);
        list = more;
        room = 2 * room + STEP;
    }
    list[count++] = *l;
    return true;
}

static bool is_there(uintptr_t begin, record r)
{
    struct block b;
    return alloc_find(begin, &b) && b.begin == begin && b.record == r;
}

/* Makes `listed` anew: what is on it and still there, and the candidates, which are put on the list if they
 * are new. Both are in order of address. */
static void merge(const struct live *l)
{
    size_t most = listed_count + l->count, n = 0, old = 0;
    struct lost *next = most ? meta_alloc(most * sizeof *next) : NULL;
    if (!next)
        return;
    for (size_t i = 0; i <= l->count; i++) {
        const struct candidate *c = i < l->count ? &l->candidate[i] : NULL;
        bool known = false;
        for (; old < listed_count && (!c || listed[old].begin <= c->begin); old++)
            if (is_there(listed[old].begin, listed[old].record)) {
                known |= c && listed[old].begin == c->begin;
                next[n++] = listed[old];
            }
        if (!c || known)
            continue;
        enum leakgc_kind kind = c->kind == LOSS_DEFINITE ? LEAKGC_DEFINITE : LEAKGC_INDIRECT;
        struct lost new = {c->begin, c->record, kind};
        if (put(&new))
            next[n++] = new;
    }
    meta_free(listed, listed_room * sizeof *listed);
    listed = next;
    listed_count = n;
    listed_room = most;
}

void lost_take_in(const struct live *l, const struct verdict *verdict, enum belief belief)
{
    bool wanted = __atomic_load_n(&function, __ATOMIC_RELAXED) != NULL;
    if (belief == BELIEF_CONFIRMED) {
        if (verdict->new_blocks && (wanted || weak_any()))
            __atomic_store_n(&news, true, __ATOMIC_RELAXED);
        return;
    }
    if (!wanted)
        return;
    lock_take(LOCK_ASKED);
    merge(l);
    lock_release(LOCK_ASKED);
}

/* Takes one off the list and calls the function; *called: it did. False: the list is empty. */
static bool call_next(long *called)
{
    struct block b;
    lock_take(LOCK_ASKED);
    bool any = count != 0;
    struct lost l = any ? list[--count] : (struct lost){0};
    lost_fn *f = function;
    void *arg = argument;
    lock_release(LOCK_ASKED);
    if (any && f && alloc_find(l.begin, &b) && b.record == l.record) {
        ++*called;
        f((void *)l.begin, b.bytes, l.kind, arg);
    }
    return any;
}

LEAKGC_EXPORT long leakgc_poll(void)
{
    long called = 0;
    if (lock_held || !options.enabled)
        return -1;
    if (__atomic_exchange_n(&news, false, __ATOMIC_RELAXED) && leakgc_scan() < 0)
        __atomic_store_n(&news, true, __ATOMIC_RELAXED);
    while (weak_call(&called))
        ;
    while (call_next(&called))
        ;
    return called;
}
