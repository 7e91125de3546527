/* SPDX-License-Identifier: MIT
 *
 * Owns the slices of the cage: which are free, which span each belongs to.
 *
 * The idea: free spans are binned by length (exact up to 8 slices, then four bins per doubling, as
 * in Masmano et al., "TLSF", 2004) with a bitmap of bins that are not empty, so taking and giving
 * is O(1) but for one first-fit walk of a bin. Neighbours are merged through owners[], which holds
 * the head slice at both ends of every span. Spans with dirty slices have bins of their own and are
 * taken first: their pages are there already.
 *
 * Dirty slices may hold data and pages; clean ones have neither, they read as zero. The slices in
 * the middle of a free span need no owner, so there owners[] says which are dirty: 0 is clean.
 *
 *   owners[]   |  9  |  9  |  0  |  0  |  9  |     a free span of 5 slices: slice 10 is dirty,
 *   slice         9    10    11    12    13        9 as its descriptor says in dirty_first, and
 *                                                  13 in dirty_last
 *
 * Invariants: 1. spans lie back to back from slice 1 to top; slice 0 is never used, so that an
 * untouched owners[] entry means "none". 2. the first and the last slice of every span, and all
 * slices of a span in use, name its head in owners[]. 3. no two free spans touch. 4. mapped + free
 * = all slices below top. 5. s->dirty of a free span is the number of its dirty slices. 6. slices
 * from top on are clean, and their owners[] 0.
 *
 * What is freed stays dirty for reuse, up to dirty_most(); above, the longest spans are given back
 * to the system. Of what stays, half of what was not wanted for a second is given back at the next
 * call after it: an idle program keeps at most dirty_most(), one that works next to nothing.
 *
 * Runs in malloc. Lock: LOCK_CAGE, held for 64 MiB of giving back at a time. */
#include "cage.h"

#include <string.h>

#include "assert.h"
#include "lock.h"
#include "sys.h"

enum {
    BIN_COUNT = 128,
    DESCRIPTORS_PER_PAGE = SYS_PAGE / 128,
    DESCRIPTORS_LEAST = 256,
    GIVE_BACK_MOST = 1024, /* slices under one lock */
    EPOCH_MS = 1000,
    HUGE_SLICES = (2 << 20) / SLICE_BYTES,
    HUGE_RUNS_MOST = 1000, /* each run is two mappings more */
};
static const size_t HUGE_FROM = ((size_t)32 << 20) / SLICE_BYTES;
static const size_t DIRTY_LEAST = ((size_t)64 << 20) / SLICE_BYTES;
static const size_t DECAY_LEAST = ((size_t)1 << 20) / SLICE_BYTES;

struct bins {
    struct slab *first[BIN_COUNT];
    uint64_t bits[BIN_COUNT / 64];
};

bool cage_is_followed;

static struct bins dirty_bins, clean_bins;
static size_t top = 1;
static size_t free_slices, dirty_slices;
static size_t dirty_low; /* the fewest dirty slices in this epoch */
static uint64_t epoch_ms;
static size_t huge_end, huge_runs;

static uint32_t *owner_of(size_t slice)
{
    return (uint32_t *)space.owners.begin + slice;
}

static void set_owner(size_t slice, size_t head)
{
    __atomic_store_n(owner_of(slice), (uint32_t)head, __ATOMIC_RELEASE);
}

static enum slab_kind kind_of(const struct slab *s)
{
    return __atomic_load_n(&s->kind, __ATOMIC_ACQUIRE);
}

/* --- Bins ------------------------------------------------------------------------------------- */

static unsigned bin_of(size_t slices)
{
    if (slices <= 8)
        return (unsigned)slices - 1;
    unsigned log = 63 - (unsigned)__builtin_clzl(slices);
    return 8 + (log - 3) * 4 + (unsigned)(slices >> (log - 2) & 3);
}

static struct bins *bins_for(const struct slab *s)
{
    return s->dirty ? &dirty_bins : &clean_bins;
}

static void bin_add(struct slab *s)
{
    struct bins *b = bins_for(s);
    unsigned bin = bin_of(s->slices);
    size_t slice = slab_slice(s);
    cage_publish(s, SLAB_FREE);
    s->prev = NULL;
    s->next = b->first[bin];
    if (s->next)
        s->next->prev = s;
    b->first[bin] = s;
    b->bits[bin / 64] |= (uint64_t)1 << bin % 64;
    set_owner(slice, slice);
    set_owner(slice + s->slices - 1, slice);
    free_slices += s->slices;
    dirty_slices += s->dirty;
}

static void bin_remove(struct slab *s)
{
    struct bins *b = bins_for(s);
    unsigned bin = bin_of(s->slices);
    if (s->prev)
        s->prev->next = s->next;
    else
        b->first[bin] = s->next;
    if (s->next)
        s->next->prev = s->prev;
    if (!b->first[bin])
        b->bits[bin / 64] &= ~((uint64_t)1 << bin % 64);
    cage_publish(s, SLAB_NONE);
    free_slices -= s->slices;
    dirty_slices -= s->dirty;
}

static struct slab *first_fit(struct slab *s, size_t slices)
{
    while (s && s->slices < slices)
        s = s->next;
    return s;
}

static struct slab *find_in(const struct bins *bins, size_t slices)
{
    unsigned bin = bin_of(slices);
    struct slab *s = first_fit(bins->first[bin], slices);
    for (unsigned b = bin + 1; !s && b < BIN_COUNT;) {
        uint64_t bits = bins->bits[b / 64] >> b % 64;
        if (!bits) {
            b = (b / 64 + 1) * 64;
            continue;
        }
        b += (unsigned)__builtin_ctzl(bits);
        s = bins->first[b];
    }
    return s;
}

static struct slab *find_free(size_t slices)
{
    struct slab *s = find_in(&dirty_bins, slices);
    return s ? s : find_in(&clean_bins, slices);
}

/* The longest spans with dirty slices, or nearly. */
static struct slab *find_dirty(void)
{
    for (unsigned w = BIN_COUNT / 64; w-- > 0;)
        if (dirty_bins.bits[w])
            return dirty_bins.first[w * 64 + 63 - (unsigned)__builtin_clzl(dirty_bins.bits[w])];
    return NULL;
}

/* --- Spans that are on no bin: dirty slices, merging, cutting --------------------------------- */

/* Descriptor of a clean span that begins where another ended or was cut. */
static struct slab *new_head(size_t slice, size_t slices)
{
    struct slab *s = slab_at(slice);
    memset(s, 0, sizeof *s);
    s->base = slice_address(slice);
    s->slices = (uint32_t)slices;
    return s;
}

static bool is_dirty(const struct slab *s, size_t i)
{
    if (i == 0)
        return s->dirty_first;
    return i == s->slices - 1u ? s->dirty_last : *owner_of(slab_slice(s) + i) != 0;
}

/* `after` lies behind s; what was an end of one becomes the middle of both. */
static void join(struct slab *s, struct slab *after)
{
    size_t middle = slab_slice(after);
    if (s->slices > 1)
        set_owner(middle - 1, s->dirty_last ? slab_slice(s) : 0);
    if (after->slices > 1)
        set_owner(middle, after->dirty_first ? slab_slice(s) : 0);
    s->slices += after->slices;
    s->dirty += after->dirty;
    s->dirty_last = after->dirty_last;
}

static struct slab *merge_previous(struct slab *s)
{
    size_t slice = slab_slice(s);
    struct slab *before = slab_at(*owner_of(slice - 1));
    if (slice <= 1 || kind_of(before) != SLAB_FREE)
        return s;
    ASSERT(slab_slice(before) + before->slices == slice);
    bin_remove(before);
    join(before, s);
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
    join(s, after);
}

/* Cuts a span after `slices`; the rest, if any. */
static struct slab *cut(struct slab *s, size_t slices)
{
    size_t rest = s->slices - slices;
    if (!rest)
        return NULL;
    uint32_t dirty = 0;
    for (size_t i = 0; i < slices; i++)
        dirty += is_dirty(s, i);
    bool last = is_dirty(s, slices - 1);
    bool first = is_dirty(s, slices);
    struct slab *r = new_head(slab_slice(s) + slices, rest);
    r->dirty = s->dirty - dirty;
    r->dirty_first = first;
    r->dirty_last = s->dirty_last;
    s->slices = (uint32_t)slices;
    s->dirty = dirty;
    s->dirty_last = last;
    return r;
}

/* Cuts a span after `slices`; the rest goes back to the bins. */
static void split(struct slab *s, size_t slices)
{
    struct slab *rest = cut(s, slices);
    if (!rest)
        return;
    merge_next(rest);
    bin_add(rest);
}

/* --- Giving back to the system ---------------------------------------------------------------- */

/* The pages of descriptors of slices [from, to), none of which is a head. What they say of a block
 * that is freed twice is lost, so only where it is worth it. */
static void discard_descriptors(size_t from, size_t to)
{
    if (to - from < DESCRIPTORS_LEAST)
        return;
    from = (from + DESCRIPTORS_PER_PAGE - 1) / DESCRIPTORS_PER_PAGE;
    to /= DESCRIPTORS_PER_PAGE;
    if (from < to)
        sys_discard((void *)(space.slabs.begin + from * SYS_PAGE), (to - from) * SYS_PAGE);
}

/* Makes slices [from, to) of a span clean; false when the system refuses. */
static bool clean(struct slab *s, size_t from, size_t to)
{
    size_t head = slab_slice(s);
    if (sys_discard((void *)slice_address(head + from), (to - from) << SLICE_SHIFT))
        return false;
    s->dirty -= (uint32_t)(to - from);
    if (from == 0)
        s->dirty_first = false;
    if (to == s->slices)
        s->dirty_last = false;
    for (size_t i = from ? from : 1; i < to && i + 1 < s->slices; i++)
        set_owner(head + i, 0);
    discard_descriptors(head + (from ? from : 1), head + to);
    return true;
}

/* Cleans up to `most` slices of a span, from its end: the next taker takes from the front. */
static bool clean_some(struct slab *s, size_t most)
{
    size_t end = s->slices;
    while (most && s->dirty) {
        while (!is_dirty(s, end - 1))
            end--;
        size_t begin = end;
        while (begin > 0 && end - begin < most && is_dirty(s, begin - 1))
            begin--;
        if (!clean(s, begin, end))
            return false;
        most -= end - begin;
        end = begin;
    }
    return true;
}

/* A clean span at the top is space that was never used, as it were. */
static bool lower_top(struct slab *s)
{
    size_t slice = slab_slice(s);
    if (s->dirty || slice + s->slices != top)
        return false;
    set_owner(slice, 0);
    set_owner(top - 1, 0);
    discard_descriptors(slice + 1, top);
    top = slice;
    huge_end = 0;
    return true;
}

/* Gives pages back until `most` slices are dirty. */
static void give_back_down_to(size_t most)
{
    while (dirty_slices > most) {
        struct slab *s = find_dirty();
        size_t excess = dirty_slices - most;
        bin_remove(s);
        bool done = clean_some(s, excess < GIVE_BACK_MOST ? excess : GIVE_BACK_MOST);
        if (!lower_top(s))
            bin_add(s);
        if (!done)
            return;
        lock_release(LOCK_CAGE); /* others may want it meanwhile */
        lock_take(LOCK_CAGE);
    }
}

/* Slices that may stay dirty: what a program gives back it often wants again. An eighth of what is in
 * use, and no less than DIRTY_LEAST. */
static size_t dirty_most(void)
{
    size_t used = top - 1 - free_slices;
    return used / 8 > DIRTY_LEAST ? used / 8 : DIRTY_LEAST;
}

/* After each change: keeps to dirty_most(), and to less as time goes by. */
static void settle(void)
{
    dirty_low = dirty_slices < dirty_low ? dirty_slices : dirty_low;
    size_t most = dirty_most();
    if (dirty_slices > most)
        give_back_down_to(most - most / 4); /* not at every free from now on */
    uint64_t now = sys_now_coarse() / 1000000;
    if (now - epoch_ms < EPOCH_MS)
        return;
    epoch_ms = now;
    size_t unwanted = dirty_low > DECAY_LEAST ? dirty_low / 2 : dirty_low;
    if (unwanted)
        give_back_down_to(dirty_slices > unwanted ? dirty_slices - unwanted : 0);
    dirty_low = dirty_slices;
}

/* --- Taking and giving ------------------------------------------------------------------------ */

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
    struct slab *s = new_head(top, slices);
    top += slices;
    return s;
}

static void give_locked(struct slab *s, bool dirty)
{
    cage_publish(s, SLAB_NONE);
    s->dirty = dirty ? s->slices : 0;
    s->dirty_first = s->dirty_last = dirty;
    for (size_t i = 1; !dirty && i + 1 < s->slices; i++)
        set_owner(slab_slice(s) + i, 0);
    s = merge_previous(s);
    merge_next(s);
    bin_add(s);
    settle();
}

/* A span of a multiple of `align`, out of one of slices + align - 1. */
static struct slab *take_locked(size_t slices, size_t align)
{
    size_t want = slices + align - 1;
    struct slab *s = find_free(want);
    if (s)
        bin_remove(s);
    else
        s = take_fresh(want);
    if (!s)
        return NULL;
    size_t lead = (size_t)(-(s->base >> SLICE_SHIFT)) & (align - 1);
    if (lead) {
        struct slab *aligned = cut(s, lead);
        bin_add(merge_previous(s));
        s = aligned;
    }
    split(s, slices);
    return s;
}

/* A span for a slab that will be filled: where none is free, from two megabytes of their own, of which
 * the kernel may make one page. That halves the cost of first touches and saves misses of the TLB;
 * a heap smaller than HUGE_FROM would grow by it. */
static struct slab *take_dense_locked(size_t slices)
{
    struct slab *s = find_free(slices);
    size_t lead = -top & (HUGE_SLICES - 1);
    if (s || top - 1 - free_slices < HUGE_FROM || huge_runs >= HUGE_RUNS_MOST ||
        !(s = take_fresh(lead + HUGE_SLICES)))
        return take_locked(slices, 1);
    if (lead) {
        struct slab *aligned = cut(s, lead);
        bin_add(merge_previous(s));
        s = aligned;
    }
    huge_runs += slab_slice(s) != huge_end;
    huge_end = slab_slice(s) + HUGE_SLICES;
    if (sys_huge((void *)s->base, (size_t)HUGE_SLICES << SLICE_SHIFT))
        huge_runs = HUGE_RUNS_MOST;
    split(s, slices);
    return s;
}

/* Makes a span one in use. */
static void enter(struct slab *s, size_t slices)
{
    size_t slice = slab_slice(s);
    bool zeroed = s->dirty == 0;
    new_head(slice, slices)->zeroed = zeroed;
    for (size_t i = 0; i < slices; i++)
        set_owner(slice + i, slice);
    settle();
}

struct slab *cage_take_dense(size_t slices)
{
    lock_take(LOCK_CAGE);
    struct slab *s = take_dense_locked(slices);
    if (s)
        enter(s, slices);
    lock_release(LOCK_CAGE);
    return s;
}

struct slab *cage_take(size_t slices, size_t align_slices)
{
    if (slices > UINT32_MAX || align_slices > UINT32_MAX - slices)
        return NULL;
    lock_take(LOCK_CAGE);
    struct slab *s = take_locked(slices, align_slices);
    if (s)
        enter(s, slices);
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
    give_locked(s, true);
    lock_release(LOCK_CAGE);
}

void cage_give_clean(struct slab *s)
{
    lock_take(LOCK_CAGE);
    give_locked(s, false);
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
    s->zeroed = after->dirty == 0;
    for (size_t i = 0; i < more; i++)
        set_owner(end + i, slab_slice(s));
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
        give_locked(new_head(slab_slice(s) + slices, rest), true);
    }
    lock_release(LOCK_CAGE);
}

size_t cage_purge(void)
{
    lock_take(LOCK_CAGE);
    size_t bytes = dirty_slices * SLICE_BYTES;
    give_back_down_to(0);
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

static bool counts_are_valid(const struct slab *s)
{
    size_t dirty = 0;
    for (size_t i = 0; i < s->slices; i++)
        dirty += is_dirty(s, i);
    return dirty == s->dirty;
}

bool cage_is_valid(void)
{
    bool valid = true;
    bool was_free = false;
    size_t freed = 0;
    size_t dirty = 0;
    lock_take(LOCK_CAGE);
    for (size_t slice = 1; valid && slice < top;) {
        struct slab *s = slab_at(slice);
        bool is_free = s->kind == SLAB_FREE;
        valid = s->slices > 0 && slice + s->slices <= top && *owner_of(slice) == slice &&
                *owner_of(slice + s->slices - 1) == slice && s->base == slice_address(slice) &&
                !(is_free && (was_free || !counts_are_valid(s)));
        freed += is_free ? s->slices : 0;
        dirty += is_free ? s->dirty : 0;
        was_free = is_free;
        slice += s->slices;
    }
    valid = valid && freed == free_slices && dirty == dirty_slices;
    lock_release(LOCK_CAGE);
    return valid;
}
