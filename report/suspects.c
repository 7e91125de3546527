/* SPDX-License-Identifier: MIT
 *
 * Owns what is remembered between scans of the living program.
 *
 * A block that a scan finds lost is a suspect. It is a leak for certain when `confirm` scans in a row
 * found it so, it is older than `min_age`, and its record and the hash of its contents never changed:
 * what changes is in use by somebody whom the search does not see (the rule of Linux's kmemleak). A
 * block under the same address with another record is another block.
 *
 * Suspects are an array in order of address, made anew by each scan out of the last one and the
 * candidates. It may take a hundredth of the heap's size; beyond that suspects are counted only.
 *
 * A site is told when its first block is confirmed, and again whenever its bytes have doubled.
 *
 * Runs in the thread of our own, and in threads that ask for a scan: under LOCK_CHECK. Memory of our
 * own (meta.h) for what stays. */
#include "suspects.h"

#include <string.h>

#include "../preload/clock.h"
#include "../preload/meta.h"
#include "../preload/options.h"
#include "../preload/trace.h"
#include "text.h"

enum { GROWTH = 2, SUSPECTS_LEAST = 16384, SITES_STEP = 64 };

struct suspect {
    uintptr_t begin;
    record record;
    uint64_t hash;
    uint32_t seen;                  /* scans in a row */
    uint32_t confirmed;             /* scan that made it a leak, or 0 */
    struct scan_id reachable, lost; /* as in known_site */
};

/* A suppressed leak: never told, but known. */
struct known {
    uintptr_t begin;
    record record;
};

static struct known *known; /* in order of address, as suspects */
static size_t known_count;
static struct suspect *suspects;
static size_t suspect_count, suspect_room;
static struct known_site *sites; /* in order of trace */
static size_t site_count, site_room;
static struct scan_id last; /* that looked at all blocks */

static size_t most_suspects(const struct live *l)
{
    size_t heap = 0;
    for (int k = 0; k < LOSS_KINDS; k++)
        heap += l->scan.total[k].bytes;
    size_t most = heap / 100 / sizeof(struct suspect);
    return most > SUSPECTS_LEAST ? most : SUSPECTS_LEAST;
}

/* --- Sites ------------------------------------------------------------------------------------ */

static size_t site_place(uint32_t trace)
{
    size_t low = 0;
    size_t high = site_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sites[middle].trace < trace)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct known_site *find_site(uint32_t trace)
{
    size_t at = site_place(trace);
    return at < site_count && sites[at].trace == trace ? &sites[at] : NULL;
}

const struct known_site *suspects_site(uint32_t trace)
{
    return find_site(trace);
}

static struct known_site *make_site(uint32_t trace)
{
    if (site_count == site_room) {
        size_t room = site_room * 2 + SITES_STEP;
        struct known_site *more = meta_alloc(room * sizeof *more);
        if (!more)
            return NULL;
        if (site_count)
            memcpy(more, sites, site_count * sizeof *more);
        meta_free(sites, site_room * sizeof *sites);
        sites = more;
        site_room = room;
    }
    size_t at = site_place(trace);
    memmove(&sites[at + 1], &sites[at], (site_count++ - at) * sizeof *sites);
    sites[at] = (struct known_site){.trace = trace};
    return &sites[at];
}

static void count_at_site(const struct candidate *c, const struct suspect *s)
{
    uint32_t trace = record_trace(c->record);
    struct known_site *site = find_site(trace);
    if (!site && !(site = make_site(trace)))
        return;
    site->bytes += c->bytes;
    site->blocks++;
    if (!site->lost.number || s->lost.begun_ms < site->lost.begun_ms) {
        site->lost = s->lost;
        site->reachable = s->reachable;
    }
}

static bool is_to_be_told(const struct known_site *s, enum belief belief)
{
    return s && s->blocks &&
           (belief == BELIEF_ALL || !s->scan || s->bytes / GROWTH >= s->reported_bytes);
}

/* --- Suspects --------------------------------------------------------------------------------- */

static bool is_same(const struct suspect *s, const struct candidate *c)
{
    return s->begin == c->begin && s->record == c->record && s->hash == c->hash;
}

/* The block was still reachable at the last scan, if it was there. */
static void take_in(struct suspect *s, const struct candidate *c, struct scan_id now)
{
    *s = (struct suspect){c->begin, c->record, c->hash, 0, 0, {0}, now};
    if (last.number && clock_stamp_ms(record_birth(c->record)) < last.begun_ms)
        s->reachable = last;
}

/* Frequent scans make stamps run ahead of the time (clock_advance). */
static bool is_old_enough(const struct suspect *s)
{
    uint64_t birth = clock_stamp_ms(record_birth(s->record));
    uint64_t now = clock_uptime_ms();
    return (now > birth ? now - birth : 0) >= options.min_age / 1000;
}

static bool is_confirmed(const struct suspect *s)
{
    return s->confirmed || (s->seen >= options.confirm && is_old_enough(s));
}

static void add_to_groups(const struct candidate *c, struct groups *groups)
{
    struct block b;
    if (alloc_find(c->begin, &b) && b.begin == c->begin && b.record == c->record)
        groups_add(&b, c->kind, c->carried, groups);
}

/* One candidate with its suspect, which is new or was there. */
static void judge(const struct candidate *c, struct suspect *s, struct scan_id now,
                  enum belief belief, struct verdict *ret)
{
    s->seen++;
    if (belief == BELIEF_CONFIRMED && !is_confirmed(s))
        return;
    if (!s->confirmed) {
        s->confirmed = now.number;
        ret->new_bytes += c->bytes;
        ret->new_blocks++;
    }
    ret->leaked_bytes += c->bytes;
    ret->leaked_blocks++;
    count_at_site(c, s);
}

/* Both are in order of address. */
static size_t merge(const struct live *l, struct suspect *to, size_t room, struct scan_id now,
                    enum belief belief, struct verdict *ret)
{
    size_t old = 0;
    size_t n = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct candidate *c = &l->candidate[i];
        for (; old < suspect_count && suspects[old].begin < c->begin; old++)
            ret->returned += suspects[old].confirmed != 0;
        bool same = old < suspect_count && is_same(&suspects[old], c);
        if (!same && old < suspect_count && suspects[old].begin == c->begin)
            ret->returned += suspects[old].confirmed != 0;
        if (n == room) {
            ret->untracked++;
            continue;
        }
        if (same)
            to[n] = suspects[old];
        else
            take_in(&to[n], c, now);
        old += old < suspect_count && suspects[old].begin == c->begin;
        judge(c, &to[n++], now, belief, ret);
    }
    for (; old < suspect_count; old++)
        ret->returned += suspects[old].confirmed != 0;
    return n;
}

static void tell_sites(const struct live *l, enum belief belief, struct groups *groups,
                       struct verdict *ret)
{
    for (size_t i = 0, at = 0; i < l->count; i++) {
        const struct candidate *c = &l->candidate[i];
        while (at < suspect_count && suspects[at].begin < c->begin)
            at++;
        if (at == suspect_count || suspects[at].begin != c->begin || !suspects[at].confirmed)
            continue;
        if (is_to_be_told(find_site(record_trace(c->record)), belief))
            add_to_groups(c, groups);
    }
    for (size_t i = 0; i < site_count; i++)
        ret->sites += is_to_be_told(&sites[i], belief);
}

void suspects_update(const struct live *l, struct scan_id now, enum belief belief,
                     struct groups *groups, struct verdict *ret)
{
    size_t room = l->count < most_suspects(l) ? l->count : most_suspects(l);
    struct suspect *next = room ? meta_alloc(room * sizeof *next) : NULL;
    *ret = (struct verdict){.untracked = l->beyond};
    for (size_t i = 0; i < site_count; i++)
        sites[i].bytes = sites[i].blocks = 0;
    room = next ? room : 0;
    size_t n = merge(l, next, room, now, belief, ret);
    meta_free(suspects, suspect_room * sizeof *suspects);
    suspects = next;
    suspect_count = n;
    suspect_room = room;
    last = l->was_partial ? last : now;
    tell_sites(l, belief, groups, ret);
}

void suspects_set_aside(const struct live *l)
{
    size_t count = 0;
    for (size_t i = 0; i < l->count; i++)
        count += l->candidate[i].kind == LOSS_SUPPRESSED;
    meta_free(known, known_count * sizeof *known);
    known = count ? meta_alloc(count * sizeof *known) : NULL;
    known_count = 0;
    for (size_t i = 0; i < l->count && known; i++)
        if (l->candidate[i].kind == LOSS_SUPPRESSED)
            known[known_count++] = (struct known){l->candidate[i].begin, l->candidate[i].record};
}

/* Where an array in order of address has the block, or would have it; entries begin with the address. */
static size_t place_of(uintptr_t begin, const void *array, size_t entry_bytes, size_t count)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (*(const uintptr_t *)(const void *)((const char *)array + middle * entry_bytes) < begin)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool suspects_is_leak(uintptr_t begin, record r)
{
    size_t at = place_of(begin, suspects, sizeof *suspects, suspect_count);
    if (at < suspect_count && suspects[at].begin == begin && suspects[at].record == r)
        return suspects[at].confirmed;
    at = place_of(begin, known, sizeof *known, known_count);
    return at < known_count && known[at].begin == begin && known[at].record == r;
}

void suspects_told(const struct groups *groups, struct scan_id now)
{
    for (const struct site *s = groups->table; s; s = s->hh.next) {
        struct known_site *k = find_site(s->key.trace);
        if (!k || !text_is_wanted(s))
            continue;
        k->scan = now.number;
        k->reported_ms = now.begun_ms;
        k->reported_bytes = k->bytes;
        k->reported_blocks = k->blocks;
    }
}

/* The memory is left: the thread that had it may have been changing it. */
void suspects_reset(void)
{
    suspects = NULL;
    known = NULL;
    sites = NULL;
    known_count = suspect_count = suspect_room = site_count = site_room = 0;
    last = (struct scan_id){0};
}
