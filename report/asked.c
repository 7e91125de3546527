/* SPDX-License-Identifier: MIT
 *
 * Owns what comes of a scan that the program asks for (leakgc.h): it is made in the thread that asks, with all
 * others stopped, and needs no second one to be certain.
 *
 *   leakgc_scan, __lsan_do_recoverable_leak_check   a report of the living program     live_report.c
 *   __lsan_do_leak_check                            the check of the end, now          check.c
 *   leakgc_leaks_since                              what is younger than a mark        here
 *
 * Runs in the program's threads, aside (aside.h). */
#include "asked.h"

#include <string.h>

#include "../preload/alloc.h"
#include "../preload/fmt.h"
#include "../preload/init.h"
#include "../preload/leakgc.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "aside.h"
#include "check.h"
#include "lgc.h"
#include "live_report.h"
#include "program.h"
#include "selftest.h"
#include "suppress.h"
#include "text.h"

struct asked {
    const struct question *q;
    struct live live;
    struct scan_id now;
    long lost; /* -1: no result */
};

static void scan(struct asked *a)
{
    a->live = (struct live){.method = LIVE_STOP, .patience_ms = SCAN_PATIENCE_MS};
    module_refresh();
    a->now = scan_log_begin();
    live_scan(&a->live);
    selftest_judge_live(&a->live);
    suppress_live(&a->live);
}

static void scan_and_report(void *arg)
{
    struct asked *a = arg;
    scan(a);
    if (!a->live.scan.failure)
        a->lost = (long)a->live.count;
    live_report_at_once(&a->live, a->now, "api", a->q->ask == ASK_ALL);
}

/* --- Since a mark ------------------------------------------------------------------------------- */

static void print_since(struct groups *g, const struct scan_result *scan, struct scan_id now)
{
    static struct sink out;
    struct shown shown;
    char when[96];
    if (!groups_sort(g))
        return;
    text_count(g, &shown);
    if (!shown.total.blocks)
        return;
    const struct scan_total *quiet = &scan->total[LOSS_SUPPRESSED]; /* as the table of those used */
    g->total[LOSS_SUPPRESSED] = (struct total){quiet->bytes, quiet->blocks};
    fmt(when, sizeof when, " (scan %u: allocated since a mark, %lu.%lu s after start)", now.number,
        now.begun_ms / 1000, now.begun_ms / 100 % 10);
    sink_open(&out, lgc_text_target());
    text_report(&out, g, &shown, scan, when, NULL);
    text_summary(&out, g);
    sink_close(&out);
}

/* No more of the struct than the program knows. */
static void fill_in(struct leakgc_leaks *to, const struct groups *g)
{
    const struct total *direct = &g->total[LOSS_DEFINITE], *rest = &g->total[LOSS_INDIRECT];
    struct leakgc_leaks leaks = {
        .size = to->size,
        .print = to->print,
        .blocks = direct->blocks + rest->blocks,
        .bytes = direct->bytes + rest->bytes,
        .direct_blocks = direct->blocks,
        .direct_bytes = direct->bytes,
    };
    memcpy(to, &leaks, to->size < sizeof leaks ? to->size : sizeof leaks);
}

static void scan_since(void *arg)
{
    struct asked *a = arg;
    struct leakgc_leaks *ret = a->q->ret;
    struct groups groups;
    scan(a);
    const struct live *l = &a->live;
    groups_init(&groups, 1u << LOSS_DEFINITE | 1u << LOSS_INDIRECT);
    for (size_t i = 0; i < l->count && !l->scan.failure; i++) {
        const struct candidate *c = &l->candidate[i];
        struct block b;
        if (record_birth(c->record) >= a->q->mark && alloc_find(c->begin, &b) &&
            b.record == c->record)
            groups_add(&b, c->kind, c->carried, &groups);
    }
    if (!l->scan.failure)
        a->lost = (long)(groups.total[LOSS_DEFINITE].blocks + groups.total[LOSS_INDIRECT].blocks);
    if (ret)
        fill_in(ret, &groups);
    if (a->lost > 0 && ret && ret->print)
        print_since(&groups, &l->scan, a->now);
    scan_log_write(&(struct scan_note){.cause = "api", .method = "stop", .why = "asked"}, &l->scan);
}

/* --- The questions ------------------------------------------------------------------------------ */

long asked_scan(const struct question *q)
{
    struct asked a = {.q = q, .lost = -1};
    if (q->ask == ASK_SINCE && (!q->mark || q->mark > CLOCK_LAST))
        return -1;
    if (program_is_turned_off())
        return -1;
    if (q->ask == ASK_END)
        aside(check_early, NULL);
    else
        aside(q->ask == ASK_SINCE ? scan_since : scan_and_report, &a);
    return a.lost;
}

LEAKGC_EXPORT long leakgc_counters(struct leakgc_counters *ret, size_t bytes)
{
    if (lock_held || !init_early())
        return -1;
    struct alloc_stats heap = alloc_stats();
    struct scan_counts scans = scan_log_counts();
    struct leakgc_counters c = {
        .live_blocks = heap.live_blocks,
        .live_bytes = heap.live_bytes,
        .scans = scans.scans,
        .lost_blocks = scans.lost_blocks,
        .lost_bytes = scans.lost_bytes,
        .last_stop_ns = scans.last_stop_ns,
        .longest_stop_ns = scans.longest_stop_ns,
    };
    size_t known = bytes < sizeof c ? bytes : sizeof c;
    memset(ret, 0, bytes);
    memcpy(ret, &c, known);
    return (long)known;
}
