/* SPDX-License-Identifier: MIT
 *
 * Owns what distinguishes blocks that a mark knows from those that appeared since it began.
 *
 * The table of slices and the bits "not reached" are as they were at the beginning (note.c). Since then
 * slabs may have gone and come, and slots may hold other blocks. A block is known if its slab has the
 * shape that was noted and its record is older than the beginning; all others are new, and count as
 * reachable: their contents are looked through wherever they were written. In a partial scan so do the
 * blocks of slabs that have none to be found, which are not in the table.
 *
 * Runs in the thread of our own, under LOCK_CAGE: so descriptors do not change. Records do. */
#include "remark.h"

#include "../preload/cage.h"
#include "../preload/lock.h"
#include "flood.h"

static bool has_noted_shape(const struct mark *m, const struct slab *s)
{
    return mark_knows(m, s) && mark_is_of(&m->slice[slab_slice(s)], s);
}

static size_t slots_of(const struct mark *m, size_t slice)
{
    return m->kind[m->slice[slice].kind].slots;
}

static bool is_known(const struct mark *m, const struct slab *s, record r, uint32_t birth)
{
    return has_noted_shape(m, s) && record_birth(r) < birth;
}

static bool is_known_lost(const struct mark *m, const struct slab *s, size_t index, record r,
                          uint32_t birth)
{
    size_t bit = mark_bit(s, index);
    return is_known(m, s, r, birth) && mark_lost_bits(m, bit / 64) >> bit % 64 & 1;
}

static void look_at(struct mark *m, const struct slab *s, size_t index, uintptr_t begin,
                    uintptr_t end, uint32_t birth)
{
    record r = record_load(&s->records[index]);
    if (!record_is_live(r) || is_known_lost(m, s, index, r, birth))
        return;
    uintptr_t block = slab_slot(s, index);
    uintptr_t block_end = block + slab_block_bytes(s, r);
    uintptr_t across =
        m->every_byte ? sizeof(uintptr_t) - 1 : 0; /* words that begin before, or end behind */
    begin -= across;
    end += across;
    begin = begin > block ? begin : block;
    end = end < block_end ? end : block_end;
    if (begin + sizeof(uintptr_t) > end)
        return;
    if (m->cage_has_holes)
        mark_range_safe(m, begin, end);
    else
        flood_bytes(m, begin, end);
}

/* Up to `end`, or to the end of the slab; where that is. */
static uintptr_t look_at_slab(struct mark *m, const struct slab *s, uintptr_t begin, uintptr_t end,
                              uint32_t birth)
{
    uintptr_t slab_end = s->base + ((uintptr_t)s->slices << SLICE_SHIFT);
    end = end < slab_end ? end : slab_end;
    size_t fresh = __atomic_load_n(&s->fresh, __ATOMIC_ACQUIRE);
    if (s->kind == SLAB_LARGE)
        look_at(m, s, 0, begin, end, birth);
    else
        for (size_t i = slab_index_in(s, begin); i < fresh && slab_slot(s, i) < end; i++)
            look_at(m, s, i, begin, end, birth);
    return end;
}

static void look_at_range(struct mark *m, uintptr_t begin, uintptr_t end, uint32_t birth)
{
    while (begin < end) {
        const struct slab *s = slab_of(begin);
        uint8_t kind = __atomic_load_n(&s->kind, __ATOMIC_ACQUIRE);
        bool inside = begin - s->base < (uintptr_t)s->slices << SLICE_SHIFT; /* not in free space */
        if (inside && (kind == SLAB_SMALL || kind == SLAB_LARGE))
            begin = look_at_slab(m, s, begin, end, birth);
        else
            begin = (begin & ~(uintptr_t)(SLICE_BYTES - 1)) + SLICE_BYTES;
    }
}

/* Whether the word at `place` is of a block that counts. */
static bool counts(const struct mark *m, uintptr_t place, uint32_t birth)
{
    const struct slab *s = slab_of(place);
    uint8_t kind = __atomic_load_n(&s->kind, __ATOMIC_ACQUIRE);
    size_t index = slab_index(s, place);
    if ((kind != SLAB_SMALL && kind != SLAB_LARGE) ||
        index >= __atomic_load_n(&s->fresh, __ATOMIC_ACQUIRE))
        return false;
    record r = record_load(&s->records[index]);
    return record_is_live(r) && !is_known_lost(m, s, index, r, birth) &&
           place + sizeof(uintptr_t) <= slab_slot(s, index) + slab_block_bytes(s, r);
}

/* Few words lead to blocks that are to be found, and only of those it is asked where they are. */
static void look_at_words(struct mark *m, uintptr_t begin, uintptr_t end, uint32_t birth)
{
    for (; begin < end; begin += sizeof(uintptr_t)) {
        uintptr_t word = __atomic_load_n((const uintptr_t *)begin, __ATOMIC_RELAXED);
        if (mark_is_wanted(m, word & m->kept_bits) && counts(m, begin, birth))
            mark_word(m, word);
    }
}

void remark_range(struct mark *m, uintptr_t begin, uintptr_t end, uint32_t birth)
{
    if (m->wanted && !m->every_byte && !m->cage_has_holes)
        look_at_words(m, begin, end, birth);
    else
        look_at_range(m, begin, end, birth);
}

/* Which of the 64 slots from `first` on hold a lost block for certain. */
static uint64_t certain(const struct mark *m, const struct slab *s, size_t first, uint64_t lost,
                        uint32_t birth)
{
    uint64_t kept = 0;
    size_t fresh = __atomic_load_n(&s->fresh, __ATOMIC_ACQUIRE);
    for (; lost; lost &= lost - 1) {
        size_t index = first + (unsigned)__builtin_ctzl(lost);
        record r = index < fresh ? record_load(&s->records[index]) : 0;
        if (record_is_live(r) && !record_is_root(r) && is_known(m, s, r, birth))
            kept |= lost & -lost;
    }
    return kept;
}

/* Those of the slots from `first` on, 64 at most, that hold a block which nothing was found to lead to; of them
 * those that are lost for certain. */
static uint64_t lost_of(const struct mark *m, size_t slice, size_t first, uint32_t birth,
                        uint64_t *ret_certain)
{
    const struct slab *s = slab_at(slice);
    bool there = s->kind == SLAB_SMALL || s->kind == SLAB_LARGE;
    size_t left = slots_of(m, slice) - first;
    uint64_t mine = left < 64 ? ((uint64_t)1 << left) - 1 : ~(uint64_t)0;
    uint64_t lost = mark_lost_bits(m, ((slice << MARK_SLICE_SHIFT) + first) / 64) & mine;
    *ret_certain = lost && there ? certain(m, s, first, lost, birth) : 0;
    return lost;
}

static void settle_slab(struct mark *m, size_t slice, uint32_t birth)
{
    for (size_t i = 0; i < slots_of(m, slice); i += 64) {
        uint64_t kept;
        uint64_t lost = lost_of(m, slice, i, birth, &kept);
        if (lost)
            m->unreached[((slice << MARK_SLICE_SHIFT) + i) / 64] &= ~lost | kept;
    }
}

static bool has_certain(const struct mark *m, size_t slice, uint32_t birth,
                        bool (*is_leak)(uintptr_t begin, record r))
{
    const struct slab *s = slab_at(slice);
    for (size_t first = 0; first < slots_of(m, slice); first += 64) {
        uint64_t left;
        lost_of(m, slice, first, birth, &left);
        for (; left; left &= left - 1) {
            size_t index = first + (unsigned)__builtin_ctzl(left);
            if (!is_leak || !is_leak(slab_slot(s, index), record_load(&s->records[index])))
                return true;
        }
    }
    return false;
}

static bool has_lost(const struct mark *m, size_t slice)
{
    uint64_t any = 0;
    for (size_t i = 0; i < slots_of(m, slice); i += 64)
        any |= mark_lost_bits(m, ((slice << MARK_SLICE_SHIFT) + i) / 64);
    return any != 0;
}

void remark_settle(struct mark *m, uint32_t birth)
{
    for (size_t slice = 1; slice << SLICE_SHIFT < m->bytes; slice++) {
        if (m->slice[slice].head != slice || !has_lost(m, slice))
            continue;
        lock_take(LOCK_CAGE);
        settle_slab(m, slice, birth);
        lock_release(LOCK_CAGE);
    }
}

bool remark_has_lost(const struct mark *m, uint32_t birth,
                     bool (*is_leak)(uintptr_t begin, record r))
{
    bool any = false;
    for (size_t slice = 1; slice << SLICE_SHIFT < m->bytes && !any; slice++) {
        if (m->slice[slice].head != slice || !has_lost(m, slice))
            continue;
        lock_take(LOCK_CAGE);
        any = has_certain(m, slice, birth, is_leak);
        lock_release(LOCK_CAGE);
    }
    return any;
}
