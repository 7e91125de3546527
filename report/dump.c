/* SPDX-License-Identifier: MIT
 *
 * Owns report files for who asks a living program over the control socket: what is in them, and what was in the
 * last one about leaks.
 *
 * The scan is one like any other, by the method that the options say: it tells which blocks are lost. All other
 * blocks that live afterwards count as reachable: a walk over their records, the program running, groups them. So a
 * dump stops the program no longer than a scan does; blocks that are only possibly lost are not told apart.
 *
 * What is lost counts at once, as at the end: no second scan confirms it. What that would change is the
 * process's own reports, and these go on as if nobody had asked.
 *
 * The file is in memory (memfd) and sealed: its descriptor can be given to anybody, and nobody has to be
 * waited for.
 *
 * Runs in the thread of our own, under LOCK_CHECK; scratch memory, memory of our own for what stays. */
#include "dump.h"

#include <errno.h>
#include <string.h>

#include "../preload/meta.h"
#include "../preload/sys.h"
#include "../scanner/mark.h"
#include "lgc.h"

#define LOST (1u << LOSS_DEFINITE | 1u << LOSS_INDIRECT)
#define ALL ((1u << LOSS_KINDS) - 1)

/* A site as it was in the last file about leaks. */
struct told {
    struct site_key key;
    size_t bytes, blocks;
};
static struct {
    struct told *site; /* in order of key */
    size_t count, room;
    struct scan_id scan;
} told;

static struct scan_id current;

/* --- What there is ---------------------------------------------------------------------------- */

struct walk_over {
    struct dump *dump;
    const struct live *live;
    size_t next; /* candidate; they are in order of address, as blocks are visited */
};

static void take_block(const struct block *b, void *arg)
{
    struct walk_over *w = arg;
    const struct live *l = w->live;
    while (w->next < l->count && l->candidate[w->next].begin < b->begin)
        w->next++;
    const struct candidate *c = w->next < l->count ? &l->candidate[w->next] : NULL;
    bool is_lost = c && c->begin == b->begin && c->record == b->record;
    groups_add(b, is_lost ? c->kind : LOSS_REACHABLE, is_lost ? c->carried : (struct carried){0, 0},
               &w->dump->groups);
}

/* What was freed meanwhile was not lost. */
static void take_lost(struct dump *d, const struct live *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct candidate *c = &l->candidate[i];
        struct block b;
        if (alloc_find(c->begin, &b) && b.begin == c->begin && b.record == c->record)
            groups_add(&b, c->kind, c->carried, &d->groups);
    }
}

void dump_collect(struct dump *d, const struct live *l)
{
    struct walk_over w = {d, l, 0};
    groups_init(&d->groups, d->wish == DUMP_ALL ? ALL : LOST);
    d->fd = -ENODATA;
    if (l->scan.failure)
        return;
    if (d->wish == DUMP_ALL)
        mark_each_running(take_block, &w);
    else
        take_lost(d, l);
}

/* --- What was told ---------------------------------------------------------------------------- */

static int compare_keys(const struct site_key *a, const struct site_key *b)
{
    if (a->trace != b->trace)
        return a->trace < b->trace ? -1 : 1;
    return a->kind == b->kind ? 0 : a->kind < b->kind ? -1 : 1;
}

static const struct told *find_told(const struct site *s)
{
    size_t low = 0, high = told.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_keys(&told.site[middle].key, &s->key);
        if (order == 0)
            return &told.site[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_wished(enum dump_wish wish, const struct site *s)
{
    const struct told *before = find_told(s);
    switch (wish) {
    case DUMP_NEW:
        return !before;
    case DUMP_INCREASED:
        return !before || s->bytes > before->bytes || s->blocks > before->blocks;
    case DUMP_CHANGED:
        return !before || s->bytes != before->bytes || s->blocks != before->blocks;
    default:
        return true;
    }
}

static int compare_sites(const struct site *a, const struct site *b)
{
    return compare_keys(&a->key, &b->key);
}

/* Of all lost sites, whatever of them was wished for. No memory: nothing was told. */
static void remember(struct groups *g)
{
    meta_free(told.site, told.room * sizeof *told.site);
    told.room = HASH_COUNT(g->table);
    told.count = 0;
    told.scan = current;
    told.site = told.room ? meta_alloc(told.room * sizeof *told.site) : NULL;
    if (!told.site) {
        told.room = 0;
        return;
    }
    HASH_SRT(hh, g->table, compare_sites);
    for (const struct site *s = g->table; s && told.count < told.room; s = s->hh.next)
        told.site[told.count++] = (struct told){s->key, s->bytes, s->blocks};
}

/* The totals stay: they tell of all that is lost. */
static void choose(struct dump *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->groups.count; i++)
        if (is_wished(d->wish, d->groups.site[i]))
            d->groups.site[kept++] = d->groups.site[i];
    d->groups.count = kept;
}

void dump_reset(void)
{
    memset(&told, 0, sizeof told); /* left: who had it may have been changing it */
}

/* --- The file --------------------------------------------------------------------------------- */

/* When it was lost. */
static struct known_site known(const struct site *s)
{
    const struct known_site *k = suspects_site(s->key.trace);
    struct known_site result = {.lost = current, .bytes = s->bytes, .blocks = s->blocks};
    if (k && k->lost.number) {
        result.lost = k->lost;
        result.reachable = k->reachable;
    }
    return result;
}

/* And how it was at that time. */
static struct known_site known_and_told(const struct site *s)
{
    const struct told *before = find_told(s);
    struct known_site result = known(s);
    if (before) {
        result.scan = told.scan.number;
        result.reported_ms = told.scan.begun_ms;
        result.reported_bytes = before->bytes;
        result.reported_blocks = before->blocks;
    }
    return result;
}

/* Blocks that were only counted. */
static void set_totals(struct groups *g, const struct scan_result *scan)
{
    for (int k = LOSS_POSSIBLE; k < LOSS_KINDS; k++)
        g->total[k] = (struct total){scan->total[k].bytes, scan->total[k].blocks};
}

static int write_file(struct dump *d, const struct live *l)
{
    int fd = sys_memfd("leakgc-report");
    if (fd < 0)
        return fd;
    int error =
        lgc_write_to(fd, &d->groups, &l->scan, d->wish == DUMP_ALL ? known : known_and_told);
    if (!error)
        error = sys_seal(fd);
    if (!error)
        return fd;
    sys_close(fd);
    return error;
}

void dump_write(struct dump *d, const struct live *l, struct scan_id now)
{
    current = now;
    if (l->scan.failure)
        return;
    if (!groups_sort(&d->groups)) {
        d->fd = -ENOMEM;
        return;
    }
    if (d->wish != DUMP_ALL) {
        set_totals(&d->groups, &l->scan);
        choose(d);
    }
    d->fd = write_file(d, l);
    if (d->wish != DUMP_ALL && d->fd >= 0 && l->scan.complete)
        remember(&d->groups);
}
