/* SPDX-License-Identifier: MIT
 *
 * Owns which thread allocates from which slab.
 *
 *   heap.current[c] -> slab with room -> slab with room -> none     (lists end in `none`, a slab
 *   heap.full[c]    -> full slab -> full slab -> NULL                without slots, so that the
 *   heap.returned   -> slab that was full, or may be empty now       fast path needs no NULL test)
 *   orphans[c]      -> slab with room whose thread has ended
 *
 * How a full slab comes back: its owner sets REMOTE_FULL in slab.remote, by a compare-and-swap
 * that fails if something was freed meanwhile. The thread whose free finds the bit turns it into
 * REMOTE_RETURNING, in the same compare-and-swap that adds the block, and pushes the slab on
 * heap.returned: exactly one thread does. The same does a thread that frees what may be the last
 * block of a slab. Who takes it off clears the bit. A closed heap's stack is sealed; then the pusher
 * hands the slab to the orphans. Owners may change between any two of its steps: a slab that was adopted,
 * or pushed for a thread that is gone, is given back once more, to the owner that it has by then.
 *
 * Invariants: 1. a slab is on exactly one list: current or full of its owner, the orphans' (if it
 * has room), or none (full orphan). 2. s->in_full iff on a full list. 3. the head of current is
 * never given back to the cage, so that a thread at the edge of a slab does not thrash. 4. a slab
 * with REMOTE_RETURNING is not destroyed: somebody is about to push it. So the bit is asked for after
 * the last of its blocks was collected: from then on nobody sets it.
 *
 * Runs in malloc. Locks: none on the fast path; LOCK_ORPHANS to adopt and to free into an orphan. */
#include "heap.h"

#include <string.h>

#include "assert.h"
#include "cage.h"
#include "clock.h"
#include "lock.h"
#include "meta.h"
#include "sys.h"

static record no_record;
static struct slab none = {.records = &no_record, .free = SLOT_END, .remote = REMOTE_EMPTY};
static struct heap shared;
static struct heap *closed_heaps; /* under LOCK_ORPHANS */
static struct slab *orphans[SIZECLASS_COUNT];
static size_t orphan_count;

#define SEALED ((struct slab *)-1)

static void heap_init(struct heap *h, uint32_t thread)
{
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++)
        h->current[c] = &none;
    memset(h->full, 0, sizeof h->full);
    h->thread = thread;
    __atomic_store_n(&h->returned, NULL, __ATOMIC_RELEASE);
}

/* --- Lists ------------------------------------------------------------------------------------ */

static void list_push(struct slab **head, struct slab *s)
{
    s->prev = NULL;
    s->next = *head;
    if (s->next && s->next != &none)
        s->next->prev = s;
    __atomic_store_n(head, s, __ATOMIC_RELAXED); /* adopt() looks at it without the lock */
}

static void list_remove(struct slab **head, struct slab *s)
{
    if (s->prev)
        s->prev->next = s->next;
    else
        __atomic_store_n(head, s->next, __ATOMIC_RELAXED);
    if (s->next && s->next != &none)
        s->next->prev = s->prev;
}

/* Behind the head, so that the slab in use stays in use. */
static void list_push_second(struct slab **head, struct slab *s)
{
    if (*head == &none)
        list_push(head, s);
    else {
        s->prev = *head;
        s->next = (*head)->next;
        (*head)->next = s;
        if (s->next != &none)
            s->next->prev = s;
    }
}

static void move_to_current(struct heap *h, struct slab *s)
{
    list_remove(&h->full[s->size_class], s);
    s->in_full = false;
    list_push_second(&h->current[s->size_class], s);
    s->slow_at = h->current[s->size_class] == s ? SLAB_NEVER : 0;
}

/* --- Orphans ---------------------------------------------------------------------------------- */

static void orphan_list_locked(struct slab *s)
{
    s->listed = true;
    orphan_count++;
    list_push(&orphans[s->size_class], s);
}

static void orphan_unlist_locked(struct slab *s)
{
    s->listed = false;
    orphan_count--;
    list_remove(&orphans[s->size_class], s);
}

/* Brings an orphan's counts up to date and lists it if it has room (then true); gives it back to
 * the cage when it is empty. */
static bool orphan_settle_locked(struct slab *s)
{
    if (s->needs_rebuild)
        slab_rebuild(s);
    slab_collect(s);
    bool comes = __atomic_load_n(&s->remote, __ATOMIC_ACQUIRE) & REMOTE_RETURNING;
    bool wanted = s->used < s->slots && s->used && !comes; /* its pusher comes to orphan_take_in */
    if (s->listed && !wanted)
        orphan_unlist_locked(s);
    else if (!s->listed && wanted)
        orphan_list_locked(s);
    if (!s->used && !comes)
        slab_destroy(s); /* from here on the descriptor may be another thread's */
    return wanted;
}

/* Ends the return of a slab that has no owner; false: it has one by now. */
static bool orphan_take_in(struct slab *s)
{
    lock_take(LOCK_ORPHANS);
    bool is_orphan = !__atomic_load_n(&s->owner, __ATOMIC_RELAXED);
    if (is_orphan) {
        __atomic_and_fetch(&s->remote, ~REMOTE_RETURNING, __ATOMIC_ACQ_REL);
        orphan_settle_locked(s);
    }
    lock_release(LOCK_ORPHANS);
    return is_orphan;
}

/* False: the heap is closed. */
static bool push_returned(struct heap *h, struct slab *s)
{
    struct slab *head = __atomic_load_n(&h->returned, __ATOMIC_RELAXED);
    do {
        if (head == SEALED)
            return false;
        s->returned_next = head;
    } while (!__atomic_compare_exchange_n(&h->returned, &head, s, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    return true;
}

/* Tells the owner of a slab with REMOTE_RETURNING that it has room again, or the orphans. */
static void give_back(struct slab *s)
{
    struct heap *owner;
    do
        owner = __atomic_load_n(&s->owner, __ATOMIC_ACQUIRE);
    while (!(owner && push_returned(owner, s)) && !orphan_take_in(s));
}

static struct slab *adopt(struct heap *h, unsigned size_class)
{
    struct slab *s;
    if (!__atomic_load_n(&orphans[size_class], __ATOMIC_RELAXED))
        return NULL;
    lock_take(LOCK_ORPHANS);
    while ((s = orphans[size_class]) != NULL && !orphan_settle_locked(s))
        ;
    if (s) {
        orphan_unlist_locked(s);
        slab_stamp_former(s);
        s->thread = h->thread;
        slab_set_local(s, s->former || s->free_traces ? NULL : h);
        s->slow_at = SLAB_NEVER;
        __atomic_store_n(&s->owner, h, __ATOMIC_RELEASE);
    }
    lock_release(LOCK_ORPHANS);
    return s;
}

void heap_release_orphans(void)
{
    lock_take(LOCK_ORPHANS);
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++)
        for (struct slab *s = orphans[c], *next; s; s = next) {
            next = s->next;
            orphan_settle_locked(s);
        }
    lock_release(LOCK_ORPHANS);
}

/* --- Opening and closing ---------------------------------------------------------------------- */

struct heap *heap_open(uint32_t thread)
{
    lock_take(LOCK_ORPHANS);
    struct heap *h = closed_heaps;
    if (h)
        closed_heaps = h->next_free;
    lock_release(LOCK_ORPHANS);
    if (!h)
        h = meta_alloc(sizeof *h);
    if (h)
        heap_init(h, thread);
    return h;
}

struct heap *heap_shared(void)
{
    if (unlikely(!shared.current[0]))
        heap_init(&shared, 0);
    return &shared;
}

static void orphan_locked(struct slab *s)
{
    s->in_full = false;
    s->listed = false;
    slab_set_local(s, NULL);
    __atomic_and_fetch(&s->remote, ~REMOTE_FULL, __ATOMIC_ACQ_REL);
    __atomic_store_n(&s->owner, NULL, __ATOMIC_RELEASE);
    orphan_settle_locked(s);
}

void heap_close(struct heap *h)
{
    struct slab *strays = NULL; /* pushed for an earlier thread of this heap */
    ASSERT(heap_is_valid(h));
    lock_take(LOCK_ORPHANS);
    struct slab *back = __atomic_exchange_n(&h->returned, SEALED, __ATOMIC_ACQ_REL);
    for (struct slab *next; back; back = next) {
        next = back->returned_next;
        if (__atomic_load_n(&back->owner, __ATOMIC_RELAXED) == h) {
            __atomic_and_fetch(&back->remote, ~REMOTE_RETURNING, __ATOMIC_ACQ_REL);
        } else {
            back->returned_next = strays;
            strays = back;
        }
    }
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        struct slab *next;
        for (struct slab *s = h->current[c]; s != &none; s = next) {
            next = s->next;
            orphan_locked(s);
        }
        for (struct slab *s = h->full[c]; s; s = next) {
            next = s->next;
            orphan_locked(s);
        }
    }
    h->next_free = closed_heaps;
    closed_heaps = h;
    lock_release(LOCK_ORPHANS);
    for (struct slab *next; strays; strays = next) {
        next = strays->returned_next;
        give_back(strays);
    }
}

/* A thread that does not exist any more may have been about to return a slab to this heap. */
static void finish_returns(struct heap *h)
{
    __atomic_store_n(&h->returned, NULL, __ATOMIC_RELEASE);
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        for (struct slab *s = h->current[c]; s != &none; s = s->next)
            s->remote &= ~REMOTE_RETURNING;
        for (struct slab *s = h->full[c], *next; s; s = next) {
            next = s->next;
            if (s->remote & REMOTE_RETURNING) {
                s->remote &= ~REMOTE_RETURNING;
                move_to_current(h, s);
            }
        }
    }
}

void heap_after_fork(struct heap *mine)
{
    size_t top = cage_top();
    for (size_t slice = 1; slice < top; slice += slab_at(slice)->slices) {
        struct slab *s = slab_at(slice);
        if (s->kind != SLAB_SMALL || s->owner == mine || s->owner == &shared)
            continue;
        if (s->owner) {
            s->owner = NULL;
            slab_set_local(s, NULL);
            s->in_full = false;
            s->needs_rebuild = true;
        } else if (s->remote & REMOTE_RETURNING) {
            s->remote &= ~REMOTE_RETURNING; /* who was about to push it is not here */
        } else {
            continue;
        }
        if (!s->listed)
            orphan_list_locked(s);
    }
    if (mine)
        finish_returns(mine);
    finish_returns(heap_shared());
}

/* Invariant 3: an empty slab goes back to the cage unless it is the one in use. */
static void destroy_if_spare(struct heap *h, struct slab *s)
{
    struct slab **head = &h->current[s->size_class];
    if (s->used || s == *head || __atomic_load_n(&s->remote, __ATOMIC_ACQUIRE) & REMOTE_RETURNING)
        return;
    list_remove(head, s);
    slab_destroy(s);
}

/* --- Allocating ------------------------------------------------------------------------------- */

static void take_returned(struct heap *h)
{
    if (!__atomic_load_n(&h->returned, __ATOMIC_RELAXED))
        return;
    struct slab *s = __atomic_exchange_n(&h->returned, NULL, __ATOMIC_ACQUIRE);
    for (struct slab *next; s; s = next) {
        next = s->returned_next;
        if (__atomic_load_n(&s->owner, __ATOMIC_ACQUIRE) != h) {
            give_back(s); /* pushed for an earlier thread of this heap */
            continue;
        }
        __atomic_and_fetch(&s->remote, ~REMOTE_RETURNING, __ATOMIC_ACQ_REL);
        if (s->in_full)
            move_to_current(h, s);
        slab_collect(s);
        destroy_if_spare(h, s);
    }
}

/* Moves the current slab to the full list, unless something in it was freed meanwhile. One that is
 * being returned needs no REMOTE_FULL: it comes back anyway. */
static bool retire(struct heap *h, struct slab *s)
{
    uint64_t empty = REMOTE_EMPTY;
    if (!__atomic_compare_exchange_n(&s->remote, &empty, REMOTE_EMPTY | REMOTE_FULL, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED) &&
        empty != (REMOTE_EMPTY | REMOTE_RETURNING))
        return false;
    list_remove(&h->current[s->size_class], s);
    list_push(&h->full[s->size_class], s);
    s->in_full = true;
    s->slow_at = s->used - 1;
    if (h->current[s->size_class] != &none)
        h->current[s->size_class]->slow_at = SLAB_NEVER;
    return true;
}

/* Debug builds validate the whole heap at every so many refills. */
static void check_now_and_then(struct heap *h)
{
#ifdef LEAKGC_DEBUG
    enum { EVERY = 256 };
    static uint32_t refills;
    if (__atomic_add_fetch(&refills, 1, __ATOMIC_RELAXED) % EVERY == 0)
        ASSERT(heap_is_valid(h));
#else
    (void)h;
#endif
}

/* Makes the head of current[size_class] a slab with a free slot. */
static struct slab *refill(struct heap *h, unsigned size_class)
{
    clock_tick();
    take_returned(h);
    check_now_and_then(h);
    for (;;) {
        struct slab *s = h->current[size_class];
        if (s == &none) {
            s = adopt(h, size_class);
            if (!s && !(s = slab_create(size_class, h, h->thread)))
                return NULL;
            list_push(&h->current[size_class], s);
        }
        if (s->free != SLOT_END || slab_collect(s) || slab_extend(s)) {
            clock_count((size_t)(s->fresh - s->used) * s->slot_bytes);
            return s;
        }
        if (!retire(h, s))
            slab_collect(s);
    }
}

void *heap_alloc(struct heap *h, unsigned size_class, size_t bytes, record r, bool *ret_zeroed)
{
    struct slab *s = h->current[size_class];
    if (unlikely(s->free == SLOT_END || __atomic_load_n(&h->returned, __ATOMIC_RELAXED))) {
        s = refill(h, size_class);
        if (!s)
            return NULL;
    }
    return heap_take(s, bytes, r, ret_zeroed);
}

/* --- Freeing ---------------------------------------------------------------------------------- */

void heap_free_slow(struct heap *h, struct slab *s)
{
    if (s->in_full) {
        uint64_t old = __atomic_fetch_and(&s->remote, ~REMOTE_FULL, __ATOMIC_ACQ_REL);
        if (!(old & REMOTE_FULL))
            return; /* another thread was first: the slab comes back through `returned` */
        move_to_current(h, s);
    }
    destroy_if_spare(h, s);
}

static void free_remote(struct slab *s, size_t index)
{
    record freed = s->records[index];
    uint64_t old = __atomic_load_n(&s->remote, __ATOMIC_RELAXED);
    uint64_t new;
    bool back;
    do {
        uint64_t pending = (old >> REMOTE_COUNT_SHIFT & 0xffff) + 1;
        back = old & REMOTE_FULL || pending >= __atomic_load_n(&s->used, __ATOMIC_RELAXED);
        record_store(&s->records[index], record_freed(freed, old & 0xffff));
        new = index | pending << REMOTE_COUNT_SHIFT |
              (back || old & REMOTE_RETURNING ? REMOTE_RETURNING : 0);
    } while (!__atomic_compare_exchange_n(&s->remote, &old, new, true, __ATOMIC_ACQ_REL,
                                          __ATOMIC_RELAXED));
    if (back && !(old & REMOTE_RETURNING))
        give_back(s);
}

static void free_into_orphan(struct slab *s, size_t index)
{
    lock_take(LOCK_ORPHANS);
    bool still = !__atomic_load_n(&s->owner, __ATOMIC_RELAXED);
    if (still) {
        if (s->needs_rebuild)
            slab_rebuild(s);
        heap_put(s, index, s->records[index]);
        orphan_settle_locked(s);
    }
    lock_release(LOCK_ORPHANS);
    if (!still)
        free_remote(s, index);
}

void heap_free(struct heap *h, struct slab *s, size_t index)
{
    struct heap *owner = __atomic_load_n(&s->owner, __ATOMIC_ACQUIRE);
    uint32_t *former = __atomic_load_n(&s->former, __ATOMIC_ACQUIRE);
    if (unlikely(former != NULL))
        slab_set_former(former, index, 0);
    if (likely(owner == h && h)) {
        if (unlikely(heap_put(s, index, s->records[index])))
            heap_free_slow(h, s);
    } else if (owner) {
        free_remote(s, index);
    } else {
        free_into_orphan(s, index);
    }
}

bool heap_is_valid(const struct heap *h)
{
    for (unsigned c = 0; c < SIZECLASS_COUNT; c++) {
        for (struct slab *s = h->current[c]; s != &none; s = s->next)
            if (s->owner != h || s->in_full || s->size_class != c || !slab_is_valid(s))
                return false;
        for (struct slab *s = h->full[c]; s; s = s->next)
            if (s->owner != h || !s->in_full || s->size_class != c || !slab_is_valid(s))
                return false;
    }
    return true;
}
