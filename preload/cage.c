/* SPDX-License-Identifier: MIT
 *
 * Owns the slices of the cage: which are free, which span each belongs to.
 *
 * The idea: free spans are binned by length (exact up to 8 slices, then four bins per doubling, as
 * in Masmano et al., "TLSF", 2004) with a bitmap of bins that are not empty, so taking and giving
 * is O(1) but for one first-fit walk of a bin. Neighbours are merged through owners[], which holds
 * the head slice at both ends of every span.
 *
 * Invariants: 1. spans lie back to back from slice 1 to top; slice 0 is never used, so that an
 * untouched owners[] entry means "none". 2. the first and the last slice of every span, and all
 * slices of a span in use, name its head in owners[]. 3. no two free spans touch. 4. mapped + free
 * = all slices below top.
 *
 * Runs in malloc. Lock: LOCK_CAGE. Freed memory is kept up to dirty_most(), then spans
 * are given back to the system as they are freed. */
#include "cage.h"

#include <string.h>

#include "assert.h"
#include "lock.h"
#include "sys.h"

enum { BIN_COUNT = 128 };
static const size_t DIRTY_LEAST = (size_t)128 << 20;

static struct slab *bins[BIN_COUNT];
static uint64_t bin_bits[BIN_COUNT / 64];
static size_t top = 1;
static size_t free_slices, dirty_slices;

static uint32_t *owner_of(size_t slice)
{
    return (uint32_t *)space.owners.begin + slice;
}

static void set_owner(size_t slice, size_t head)
{
    __atomic_store_n(owner_of(slice), (uint32_t)head, __ATOMIC_RELEASE);
}

static unsigned bin_of(size_t slices)
{
    if (slices <= 8)
        return (unsigned)slices - 1;
    unsigned log = 63 - (unsigned)__builtin_clzl(slices);
    return 8 + (log - 3) * 4 + (unsigned)(slices >> (log - 2) & 3);
}

static void bin_add(struct slab *s)
{
    unsigned bin = bin_of(s->slices);
    cage_publish(s, SLAB_FREE);
    s->prev = NULL;
    s->next = bins[bin];
    if (s->next)
        s->next->prev = s;
    bins[bin] = s;
    bin_bits[bin / 64] |= (uint64_t)1 << bin % 64;
    set_owner(slab_slice(s), slab_slice(s));
    set_owner(slab_slice(s) + s->slices - 1, slab_slice(s));
    free_slices += s->slices;
    dirty_slices += s->dirty;
}

static void bin_remove(struct slab *s)
{
    unsigned bin = bin_of(s->slices);
    if (s->prev)
        s->prev->next = s->next;
    else
        bins[bin] = s->next;
    if (s->next)
        s->next->prev = s->prev;
    if (!bins[bin])
        bin_bits[bin / 64] &= ~((uint64_t)1 << bin % 64);
    cage_publish(s, SLAB_NONE);
    free_slices -= s->slices;
    dirty_slices -= s->dirty;
}

static struct slab *first_fit(unsigned bin, size_t slices)
{
    for (struct slab *s = bins[bin]; s; s = s->next)
        if (s->slices >= slices)
            return s;
    return NULL;
}

static struct slab *find_free(size_t slices)
{
    unsigned bin = bin_of(slices);
    struct slab *s = first_fit(bin, slices);
    for (unsigned b = bin + 1; !s && b < BIN_COUNT;) {
        uint64_t bits = bin_bits[b / 64] >> b % 64;
        if (!bits) {
            b = (b / 64 + 1) * 64;
            continue;
        }
        b += (unsigned)__builtin_ctzl(bits);
        s = bins[b];
    }
    return s;
}

/* Descriptor of a span that begins where another ended or was cut. */
static struct slab *new_head(size_t slice, size_t slices, uint32_t dirty)
{
    struct slab *s = slab_at(slice);
    memset(s, 0, sizeof *s);
    s->base = slice_address(slice);
    s->slices = (uint32_t)slices;
    s->dirty = dirty;
    return s;
}

static bool grow_tables(size_t upto)
{
    return space_grow(&space.owners, space.owners.begin + upto * 4) &&
           space_grow(&space.slabs, space.slabs.begin + upto * 128) &&
           space_grow(&space.cage, slice_address(upto));
}

static struct slab *take_fresh(size_t slices)
{
    if (slices > (space.cage.end - slice_address(top)) / SLICE_BYTES || !grow_tables(top + slices))
        return NULL;
    struct slab *s = new_head(top, slices, 0);
    top += slices;
    return s;
}

static enum slab_kind kind_of(const struct slab *s)
{
    return __atomic_load_n(&s->kind, __ATOMIC_ACQUIRE);
}

static uint32_t at_most(uint32_t n, size_t most)
{
    return n < most ? n : (uint32_t)most;
}

static struct slab *merge_previous(struct slab *s)
{
    size_t slice = slab_slice(s);
    struct slab *before = slab_at(*owner_of(slice - 1));
    if (slice <= 1 || kind_of(before) != SLAB_FREE)
        return s;
    ASSERT(slab_slice(before) + before->slices == slice);
    bin_remove(before);
    before->slices += s->slices;
    before->dirty += s->dirty;
    return before;
}

static void merge_next(struct slab *s)
{
    size_t slice = slab_slice(s) + s->slices;
    if (slice >= top)
        return;
    struct slab *after = slab_at(slice);
    if (kind_of(after) != SLAB_FREE || *owner_of(slice) != slice)
        return;
    bin_remove(after);
    s->slices += after->slices;
    s->dirty += after->dirty;
}

/* Cuts a span (on no bin) after `slices`; the rest goes back to the bins. */
static void split(struct slab *s, size_t slices)
{
    size_t rest = s->slices - slices;
    if (!rest)
        return;
    /* Which slices of a merged span are dirty is not known: both parts may be. */
    struct slab *r = new_head(slab_slice(s) + slices, rest, at_most(s->dirty, rest));
    s->slices = (uint32_t)slices;
    s->dirty = at_most(s->dirty, slices);
    merge_next(r);
    bin_add(r);
}

static void give_pages_back(struct slab *s)
{
    if (!sys_discard((void *)s->base, (size_t)s->slices << SLICE_SHIFT))
        s->dirty = 0;
}

/* Slices that may stay dirty: what a program gives back it often wants again. A quarter of what is in
 * use, and no less than DIRTY_LEAST. */
static size_t dirty_most(void)
{
    size_t used = top - 1 - free_slices;
    size_t least = DIRTY_LEAST / SLICE_BYTES;
    return used / 4 > least ? used / 4 : least;
}

static void give_locked(struct slab *s)
{
    cage_publish(s, SLAB_NONE);
    s->dirty = s->slices;
    if (dirty_slices + s->slices > dirty_most())
        give_pages_back(s);
    s = merge_previous(s);
    merge_next(s);
    bin_add(s);
}

static struct slab *take_locked(size_t slices, size_t align)
{
    size_t want = slices + align - 1;
    struct slab *s = find_free(want);
    if (s) {
        bin_remove(s);
    } else {
        s = take_fresh(want);
    }
    if (!s)
        return NULL;
    size_t head = slab_slice(s);
    size_t lead = (size_t)(-(s->base >> SLICE_SHIFT)) & (align - 1);
    if (lead) {
        struct slab *aligned = new_head(head + lead, s->slices - lead, s->dirty);
        s->slices = (uint32_t)lead;
        s->dirty = at_most(s->dirty, lead);
        bin_add(merge_previous(s));
        s = aligned;
    }
    split(s, slices);
    return s;
}

struct slab *cage_take(size_t slices, size_t align_slices)
{
    if (slices > UINT32_MAX || align_slices > UINT32_MAX - slices)
        return NULL;
    lock_take(LOCK_CAGE);
    struct slab *s = take_locked(slices, align_slices);
    if (s) {
        size_t slice = slab_slice(s);
        bool zeroed = s->dirty == 0;
        new_head(slice, slices, 0)->zeroed = zeroed;
        for (size_t i = 0; i < slices; i++)
            set_owner(slice + i, slice);
    }
    lock_release(LOCK_CAGE);
    return s;
}

void cage_publish(struct slab *s, enum slab_kind kind)
{
    __atomic_store_n(&s->kind, (uint8_t)kind, __ATOMIC_RELEASE);
}

void cage_give(struct slab *s)
{
    lock_take(LOCK_CAGE);
    give_locked(s);
    lock_release(LOCK_CAGE);
}

static bool extend_locked(struct slab *s, size_t slices)
{
    size_t end = slab_slice(s) + s->slices;
    size_t more = slices - s->slices;
    bool at_top = end == top;
    struct slab *after = at_top ? take_fresh(more) : slab_at(end);
    if (!after)
        return false;
    if (!at_top) {
        if (kind_of(after) != SLAB_FREE || after->slices < more)
            return false;
        bin_remove(after);
        split(after, more);
    }
    for (size_t i = 0; i < more; i++)
        set_owner(end + i, slab_slice(s));
    s->zeroed = after->dirty == 0;
    __atomic_store_n(&s->slices, (uint32_t)slices, __ATOMIC_RELEASE);
    return true;
}

bool cage_extend(struct slab *s, size_t slices)
{
    if (slices > UINT32_MAX)
        return false;
    lock_take(LOCK_CAGE);
    bool done = extend_locked(s, slices);
    lock_release(LOCK_CAGE);
    return done;
}

void cage_trim(struct slab *s, size_t slices)
{
    lock_take(LOCK_CAGE);
    size_t rest = s->slices - slices;
    if (rest) {
        __atomic_store_n(&s->slices, (uint32_t)slices, __ATOMIC_RELEASE);
        give_locked(new_head(slab_slice(s) + slices, rest, 0));
    }
    lock_release(LOCK_CAGE);
}

size_t cage_purge(void)
{
    lock_take(LOCK_CAGE);
    size_t bytes = dirty_slices * SLICE_BYTES;
    for (unsigned b = 0; b < BIN_COUNT; b++)
        for (struct slab *s = bins[b]; s; s = s->next)
            if (s->dirty) {
                dirty_slices -= s->dirty;
                give_pages_back(s);
                dirty_slices += s->dirty;
            }
    lock_release(LOCK_CAGE);
    return bytes;
}

size_t cage_top(void)
{
    return top;
}

struct cage_stats cage_stats(void)
{
    lock_take(LOCK_CAGE);
    struct cage_stats stats = {
        .mapped_bytes = (top - 1 - free_slices) * SLICE_BYTES,
        .free_bytes = free_slices * SLICE_BYTES,
        .dirty_bytes = dirty_slices * SLICE_BYTES,
    };
    lock_release(LOCK_CAGE);
    return stats;
}

bool cage_is_valid(void)
{
    bool valid = true;
    bool was_free = false;
    size_t freed = 0;
    lock_take(LOCK_CAGE);
    for (size_t slice = 1; valid && slice < top;) {
        struct slab *s = slab_at(slice);
        bool is_free = s->kind == SLAB_FREE;
        valid = s->slices > 0 && slice + s->slices <= top && *owner_of(slice) == slice &&
                *owner_of(slice + s->slices - 1) == slice && s->base == slice_address(slice) &&
                !(is_free && (was_free || s->dirty > s->slices));
        freed += is_free ? s->slices : 0;
        was_free = is_free;
        slice += s->slices;
    }
    valid = valid && freed == free_slices;
    lock_release(LOCK_CAGE);
    return valid;
}
