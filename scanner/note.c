/* SPDX-License-Identifier: MIT
 *
 * Owns the pass over all records with which marking begins: it notes what following pointers needs to know, small
 * enough for the cache: a bit for each block, 8 bytes for each slice. After that records are hardly read any
 * more.
 *
 *   slice[]      | slab of 64-byte slots, all blocks have 7 words | large block | ...
 *   unreached    | 0110111... a bit for each slot .............   | 1           |   64 KiB of heap:
 *   possible     | 0000000...                                     | 0           |   512 bytes each
 *
 * After an earlier scan (kept.c) there are the bits that it left: what is live, older than that and was reached then
 * is not to be found. Of most slabs nothing is new then, and a look at their records, a few instructions each,
 * is all; of most others one block is. Slabs with blocks to be found are noted in slice[], and the pages
 * of those blocks in wanted[]: so words that lead to others are passed over (remark.c).
 *
 * Runs with the world stopped; beside the program, in the thread of our own, under LOCK_CAGE: records change
 * meanwhile. */
#include "note.h"

#include <string.h>

#include "../preload/options.h"

/* Words of the slot that are not the block's. */
enum { PAD_MOST = 63 };
enum { WANTED_BYTES = SLICE_BYTES / SYS_PAGE / 8 }; /* of mark.wanted, for a slice */
static unsigned pad_of(record r)
{
    uint32_t pad = (record_slack(r) + 7) / 8;
    return pad < PAD_MOST ? pad : PAD_MOST;
}

/* What the blocks of a slab have in common. */
struct common {
    record any;    /* bits that some record has */
    uint64_t pads; /* bit n: some block has n words less than its slot; PAD_MOST: or more */
    size_t live, slack;
};

/* Of up to 64 slots. */
struct slots {
    uint64_t live;
    uint64_t young;
    uint64_t unknown; /* nothing is known of them: young ones that were not resized, and roots */
};

/* Two by two; a load of several records is one of each. */
typedef uint64_t several __attribute__((vector_size(16), aligned(8), may_alias));
enum { SEVERAL = sizeof(several) / sizeof(record) };

static inline several load_several(const record *records)
{
    return *(const several *)records;
}

/* Nearly always: all of them are live, and equally long. */
static bool are_alike(const record *records, size_t count, struct common *common)
{
    several alls = ~(several){0};
    several anys = {0};
    size_t i = 0;
    for (; i + 2 * SEVERAL <= count; i += 2 * SEVERAL) {
        several one = load_several(records + i);
        several other = load_several(records + i + SEVERAL);
        alls &= one & other;
        anys |= one | other;
    }
    record all = alls[0] & alls[1];
    record any = anys[0] | anys[1];
    for (; i < count; i++) {
        record r = record_load(&records[i]);
        all &= r;
        any |= r;
    }
    if (!record_is_live(all) || record_slack(all) != record_slack(any))
        return false;
    common->any |= any;
    common->pads |= (uint64_t)1 << pad_of(any);
    common->live += count;
    common->slack += count * record_slack(any);
    return true;
}

/* Whether all that are live are older than `since`, and none is a root; adds what they are to *common. */
static bool are_old(const record *records, size_t count, uint32_t since, struct common *common)
{
    several odd = {0}; /* uppermost bit: one is not */
    several live = {0};
    several slack = {0};
    size_t i = 0;
    for (; i + SEVERAL <= count; i += SEVERAL) {
        several r = load_several(records + i);
        several is_live = r >> 63;
        several birth = r & (((record)1 << RECORD_BIRTH_BITS) - 1);
        odd |= r & (~(birth - since) | r << 1);
        live += is_live;
        slack += r >> RECORD_BIRTH_BITS & RECORD_SLACK_MOST & -is_live;
    }
    bool last_is_odd = false;
    for (; i < count; i++) {
        record r = record_load(&records[i]);
        last_is_odd |= record_is_live(r) && (record_birth(r) >= since || record_is_root(r));
        live[0] += record_is_live(r);
        slack[0] += record_is_live(r) ? record_slack(r) : 0;
    }
    if (last_is_odd || (odd[0] | odd[1]) >> 63)
        return false;
    common->live += live[0] + live[1];
    common->slack += slack[0] + slack[1];
    return true;
}

static struct slots look_at_records(const record *records, size_t count, uint32_t since,
                                    const uint64_t *resized, struct common *common)
{
    struct slots slots = {0, 0, 0};
    uint64_t roots = 0;
    if (!since && are_alike(records, count, common)) {
        slots.live = slots.unknown = ~(uint64_t)0 >> (64 - count);
        return slots;
    }
    for (size_t i = 0; i < count; i++) {
        record r = record_load(&records[i]);
        uint64_t is_live = r >> 63;
        slots.live |= is_live << i;
        slots.young |= (is_live & (record_birth(r) >= since)) << i;
        roots |= (uint64_t)record_is_root(r) << i;
        common->any |= r & -is_live;
        common->pads |= is_live << pad_of(r);
        common->slack += record_slack(r) & -is_live;
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE); /* a bit `resized` is set before the record */
    common->live += (unsigned)__builtin_popcountl(slots.live);
    slots.unknown = slots.young | roots;
    if (since)
        slots.unknown &= roots | ~__atomic_load_n(resized, __ATOMIC_RELAXED);
    return slots;
}

static unsigned most_common_pad(const struct slab *s, size_t slots)
{
    uint16_t count[PAD_MOST + 1] = {0};
    unsigned most = 0;
    for (size_t i = 0; i < slots; i++)
        count[pad_of(record_load(&s->records[i]))] += record_is_live(record_load(&s->records[i]));
    for (unsigned pad = 0; pad < PAD_MOST; pad++)
        most = count[pad] > count[most] ? pad : most;
    return most;
}

/* Blocks of a slab differ: most have the same length, the others become odd ones. */
static void note_odd(uint64_t *bits, const struct slab *s, size_t slots, struct mark_slice *inout)
{
    unsigned most = most_common_pad(s, slots);
    memset(&bits[MARK_ODD / 64], 0, (slots + 63) / 64 * sizeof *bits);
    for (size_t i = 0; i < slots; i++)
        if (pad_of(record_load(&s->records[i])) != most)
            bits[(MARK_ODD + i) / 64] |= (uint64_t)1 << i % 64;
    inout->words = (uint16_t)(s->slot_bytes / sizeof(uintptr_t) - most);
    inout->has_odd = true;
}

static void note_words(const struct mark *m, uint64_t *bits, const struct slab *s, size_t slots,
                       const struct common *c, struct mark_slice *inout)
{
    unsigned pad = (unsigned)__builtin_ctzl(c->pads);
    if (s->kind == SLAB_LARGE || m->cage_has_holes || m->every_byte)
        inout->words = MARK_AWKWARD;
    else if (!(c->pads & (c->pads - 1)) && pad < PAD_MOST)
        inout->words = (uint16_t)(s->slot_bytes / sizeof(uintptr_t) - pad);
    else if (s->slots <= MARK_ODD)
        note_odd(bits, s, slots, inout);
    else
        inout->words = MARK_MIXED;
}

static inline void set_bits(uint64_t *bits, uint64_t value)
{
    if (*bits != value)
        *bits = value;
}

static void want_slot(struct mark *m, uintptr_t begin, uintptr_t end)
{
    size_t last = (end - 1 - m->base) / SYS_PAGE;
    for (size_t page = (begin - m->base) / SYS_PAGE; page <= last; page++)
        if (page < m->bytes / SYS_PAGE)
            m->wanted[page / 64] |= (uint64_t)1 << page % 64;
}

/* Bits of a slice are two bytes. */
static void want_span(struct mark *m, const struct slab *s)
{
    size_t first = slab_slice(s);
    size_t left = (m->bytes >> SLICE_SHIFT) - first;
    memset((char *)m->wanted + first * WANTED_BYTES, 0xff,
           (s->slices < left ? s->slices : left) * WANTED_BYTES);
}

/* Whether there are blocks to be found in the slab. */
static bool want_unreached(struct mark *m, const struct slab *s)
{
    const uint64_t *bits = &m->unreached[(slab_slice(s) << MARK_SLICE_SHIFT) / 64];
    uint64_t any = 0;
    for (size_t i = 0; i < s->slots; i += 64) {
        any |= bits[i / 64];
        for (uint64_t left = bits[i / 64]; left && s->kind == SLAB_SMALL; left &= left - 1) {
            uintptr_t begin = slab_slot(s, i + (unsigned)__builtin_ctzl(left));
            want_slot(m, begin, begin + s->slot_bytes);
        }
    }
    if (any && s->kind == SLAB_LARGE)
        want_span(m, s);
    return any;
}

static void note_bits(struct mark *m, size_t at, struct slots found)
{
    set_bits(&m->unreached[at], found.live & (m->unreached[at] | found.unknown));
    set_bits(&m->possible[at], found.live & m->possible[at] & ~found.unknown);
}

/* Nothing is new in the slots from `first` on, but some blocks may be gone. */
static void drop_dead(struct mark *m, const struct slab *s, size_t first, size_t slots)
{
    uint64_t *bits = &m->unreached[((slab_slice(s) << MARK_SLICE_SHIFT) + first) / 64];
    for (uint64_t left = *bits; left; left &= left - 1) {
        size_t index = first + (unsigned)__builtin_ctzl(left);
        if (index >= slots || !record_is_live(record_load(&s->records[index])))
            *bits &= ~(left & -left);
    }
}

/* Whether the shape of the slab holds with the block in that slot, which was not there. */
static bool fits(struct mark *m, const struct mark_slice *shape, const struct slab *s, size_t index)
{
    uint64_t *odd = &m->unreached[(mark_bit(s, index) + MARK_ODD) / 64];
    uint64_t one = (uint64_t)1 << index % 64;
    size_t words = s->slot_bytes / sizeof(uintptr_t) - pad_of(record_load(&s->records[index]));
    if (shape->words == MARK_MIXED || shape->words == MARK_AWKWARD)
        return true;
    if (shape->has_odd)
        set_bits(odd, words == shape->words ? *odd & ~one : *odd | one);
    return words == shape->words || shape->has_odd;
}

/* The same, where little is new in a slab that is known. False: it has to be done as a whole. */
static bool note_changes(struct mark *m, const struct slab *s, size_t slots,
                         const struct mark_kept *kept, struct common *ret)
{
    size_t at = (slab_slice(s) << MARK_SLICE_SHIFT) / 64;
    const struct mark_slice *shape = &kept->shape[slab_slice(s)];
    if (!mark_is_of(shape, s) || shape->has_roots || m->cage_has_holes)
        return false;
    for (size_t i = 0; i < slots; i += 64, at++) {
        size_t count = slots - i < 64 ? slots - i : 64;
        if (are_old(&s->records[i], count, kept->since, ret)) {
            drop_dead(m, s, i, slots);
            continue;
        }
        struct slots found =
            look_at_records(&s->records[i], count, kept->since, &kept->resized[at], ret);
        for (uint64_t left = found.young; left; left &= left - 1)
            if (!fits(m, shape, s, i + (unsigned)__builtin_ctzl(left)))
                return false;
        if (ret->any & RECORD_ROOT)
            return false;
        note_bits(m, at, found);
    }
    for (size_t i = (slots + 63) / 64 * 64; i < s->slots; i += 64, at++)
        set_bits(&m->unreached[at], 0);
    return true;
}

/* Bits of slots that hold other blocks than the earlier scan knew may say anything: such blocks are young.
 * (If one has an old birth stamp, it was written to memory that is dirty.) */
static void note_again(struct mark *m, const struct slab *s, size_t slots,
                       const struct mark_kept *kept, struct common *ret)
{
    size_t at = (slab_slice(s) << MARK_SLICE_SHIFT) / 64;
    for (size_t i = 0; i < s->slots; i += 64, at++) {
        size_t count = i >= slots ? 0 : slots - i < 64 ? slots - i : 64;
        struct slots found = {0, 0, 0};
        if (count)
            found = look_at_records(&s->records[i], count, kept->since, &kept->resized[at], ret);
        note_bits(m, at, found);
    }
}

static void note_all(struct mark *m, const struct slab *s, size_t slots, struct common *ret)
{
    size_t at = (slab_slice(s) << MARK_SLICE_SHIFT) / 64;
    for (size_t i = 0; i < slots; i += 64, at++) {
        size_t count = slots - i < 64 ? slots - i : 64;
        uint64_t live = look_at_records(&s->records[i], count, 0, NULL, ret).live;
        if (live) /* pages of zeros stay absent */
            m->unreached[at] = live;
    }
}

static void count(struct mark *m, const struct slab *s, const struct common *c)
{
    m->live_blocks += c->live;
    if (s->kind == SLAB_LARGE)
        m->live_bytes += c->live ? s->large_bytes : 0;
    else
        m->live_bytes += c->live * s->slot_bytes - c->slack;
}

static struct mark_slice shape_of(struct mark *m, const struct slab *s, size_t slots,
                                  const struct common *c)
{
    size_t head = slab_slice(s);
    struct mark_slice shape = {.head = (uint32_t)head, .kind = MARK_LARGE};
    if (!c->live)
        return (struct mark_slice){.kind = MARK_NOTHING};
    if (s->kind == SLAB_SMALL)
        shape.kind = (uint8_t)(MARK_SMALL + s->size_class);
    shape.has_roots = (c->any & RECORD_ROOT) || (s->kind == SLAB_SMALL && s->needs_rebuild);
    note_words(m, &m->unreached[(head << MARK_SLICE_SHIFT) / 64], s, slots, c, &shape);
    return shape;
}

static void set_span(const struct mark *m, struct mark_slice *table, size_t head, size_t slices,
                     struct mark_slice value)
{
    for (size_t i = head; i < head + slices && i << SLICE_SHIFT < m->bytes; i++)
        table[i] = value;
}

void note_slab(struct mark *m, const struct slab *s, const struct mark_kept *kept)
{
    size_t slots = __atomic_load_n(&s->fresh, __ATOMIC_ACQUIRE);
    struct mark_slice shape;
    struct common common = {0};
    if (s->kind == SLAB_SMALL)
        m->kind[MARK_SMALL + s->size_class] =
            (struct mark_kind){s->reciprocal, (uint16_t)s->slot_bytes, s->slots};
    if (m->wanted && note_changes(m, s, slots, kept, &common)) {
        shape = kept->shape[slab_slice(s)];
    } else {
        common = (struct common){0};
        if (m->wanted)
            note_again(m, s, slots, kept, &common);
        else
            note_all(m, s, slots, &common);
        shape = shape_of(m, s, slots, &common);
    }
    count(m, s, &common);
    if (kept)
        set_span(m, kept->shape, slab_slice(s), s->slices, shape);
    if (!m->wanted || want_unreached(m, s))
        set_span(m, m->slice, slab_slice(s), s->slices, shape);
}

void note_nothing(const struct mark *m, const struct slab *s, const struct mark_kept *kept)
{
    size_t slices = s->kind == SLAB_FREE ? s->slices : 1;
    set_span(m, kept->shape, slab_slice(s), slices, (struct mark_slice){.kind = MARK_NOTHING});
}
