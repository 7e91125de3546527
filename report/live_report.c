/* SPDX-License-Identifier: MIT
 *
 * Owns the report of a living program: the same text as at the end, with what only a living program
 * can be told: between which scans the first block of a site was lost, and how the site has grown.
 *
 * Runs in the thread of our own, under LOCK_CHECK; scratch memory. */
#include "live_report.h"

#include "../preload/fmt.h"
#include "../preload/log.h"
#include "../preload/options.h"
#include "history.h"
#include "lgc.h"
#include "lost.h"
#include "suspects.h"
#include "text.h"

static void print_note(struct sink *out, const struct site *s)
{
    const struct known_site *k = suspects_site(s->key.trace);
    if (!k)
        return;
    const struct scan_id *a = &k->reachable;
    const struct scan_id *b = &k->lost;
    if (a->number)
        sink_print(
            out,
            "    the first was reachable at scan %u (%lu.%lu s after start), lost at scan %u "
            "(%lu.%lu s)\n",
            a->number, a->begun_ms / 1000, a->begun_ms / 100 % 10, b->number, b->begun_ms / 1000,
            b->begun_ms / 100 % 10);
    else
        sink_print(out, "    the first was lost at scan %u (%lu.%lu s after start)\n", b->number,
                   b->begun_ms / 1000, b->begun_ms / 100 % 10);
    if (k->scan)
        sink_print(out,
                   "    grown since scan %u (%lu.%lu s): from %zu byte(s) in %zu object(s) to %zu "
                   "byte(s) in %zu object(s)\n",
                   k->scan, k->reported_ms / 1000, k->reported_ms / 100 % 10, k->reported_bytes,
                   k->reported_blocks, k->bytes, k->blocks);
}

/* The summary counts what is certain; the groups hold only the sites to be told. */
static void set_totals(struct groups *g, const struct live *l)
{
    for (int k = LOSS_POSSIBLE; k < LOSS_KINDS; k++)
        g->total[k] = (struct total){l->scan.total[k].bytes, l->scan.total[k].blocks};
}

static void print(struct groups *g, const struct live *l, struct scan_id now, const char *cause)
{
    static struct sink out;
    struct shown shown;
    char when[96];
    text_count(g, &shown);
    if (!shown.total.blocks)
        return;
    if (lgc_wanted() && lgc_write(g, &l->scan, true))
        return;
    fmt(when, sizeof when, " (scan %u: %s, %lu.%lu s after start)", now.number, cause,
        now.begun_ms / 1000, now.begun_ms / 100 % 10);
    sink_open(&out, lgc_text_target());
    text_report(&out, g, &shown, &l->scan, when, print_note);
    text_summary(&out, g);
    sink_close(&out);
}

static void take_in(const struct live *l, struct scan_id now, enum belief belief,
                    struct scan_note *note)
{
    static struct verdict verdict;
    const uint32_t told = 1u << LOSS_DEFINITE | 1u << LOSS_INDIRECT;
    struct groups groups;
    if (!l->scan.failure && (l->scan.complete || belief != BELIEF_CONFIRMED)) {
        groups_init(&groups, options.kinds & told);
        suspects_update(l, now, belief, &groups, &verdict);
        note->verdict = &verdict;
        set_totals(&groups, l);
        history_add(now, note, &l->scan);
        if (verdict.sites && groups_sort(&groups)) {
            print(&groups, l, now, note->cause);
            suspects_told(&groups, now);
        }
        lost_take_in(l, &verdict, belief);
    } else {
        history_add(now, note, &l->scan);
    }
    scan_log_write(note, &l->scan);
}

void live_report(const struct live *l, struct scan_id now, const char *cause, unsigned tries)
{
    struct scan_note note = {
        cause, live_method_name(l->method), l->why, l->budget_us, tries, l->was_partial, NULL};
    take_in(l, now, BELIEF_CONFIRMED, &note);
}

void live_report_at_once(const struct live *l, struct scan_id now, const char *cause, bool all)
{
    struct scan_note note = {cause, live_method_name(l->method), l->why, 0, 0, false, NULL};
    take_in(l, now, all ? BELIEF_ALL : BELIEF_NOW, &note);
}
