/* SPDX-License-Identifier: MIT
 *
 * Owns the words of the text report. Lines that other programs parse keep the shape that they know
 * from LeakSanitizer and memcheck. Runs in ordinary context; scratch memory. */
#include "text.h"

#include "../preload/clock.h"
#include "../preload/log.h"
#include "../preload/sys.h"
#include "symbols.h"

static const char *const leads[LOSS_KINDS] = {
    [LOSS_DEFINITE] = "Direct leak of",
    [LOSS_INDIRECT] = "Indirect leak of",
    [LOSS_POSSIBLE] = "Possible leak of",
    [LOSS_REACHABLE] = "Still reachable:",
};

static void add(struct total *t, const struct site *s)
{
    t->bytes += s->bytes;
    t->blocks += s->blocks;
}

static bool is_shown(const struct site *s)
{
    return options.kinds >> s->key.kind & 1;
}

bool text_is_wanted(const struct site *s)
{
    return is_shown(s) && s->bytes >= options.min_bytes && s->blocks >= options.min_blocks;
}

void text_count(const struct groups *g, struct shown *ret)
{
    *ret = (struct shown){0};
    for (size_t i = 0; i < g->count; i++) {
        const struct site *s = g->site[i];
        if (!is_shown(s))
            continue;
        if (!text_is_wanted(s)) {
            add(&ret->below, s);
            ret->below_sites++;
            continue;
        }
        add(&ret->total, s);
        if (options.max_sites && ret->sites >= options.max_sites) {
            add(&ret->beyond, s);
            ret->beyond_sites++;
        } else {
            ret->sites++;
        }
    }
}

static void print_details(struct sink *out, const struct site *s)
{
    uint64_t oldest = clock_stamp_ms(s->oldest);
    uint64_t youngest = clock_stamp_ms(s->youngest);
    uint64_t now = clock_uptime_ms();
    sink_print(out, "    by thread T%u%s, %lu.%lu s to %lu.%lu s after start (%lu.%lu s ago)\n",
               s->thread, s->several_threads ? " and others" : "", oldest / 1000, oldest / 100 % 10,
               youngest / 1000, youngest / 100 % 10, (now - youngest) / 1000,
               (now - youngest) / 100 % 10);
}

static void print_site(struct sink *out, const struct symbols *symbols, const struct site *s,
                       void (*note)(struct sink *, const struct site *))
{
    sink_print(out, "%s %zu byte(s) in %zu object(s) allocated from:\n", leads[s->key.kind],
               s->bytes, s->blocks);
    symbols_print(symbols, out, s->key.trace);
    if (s->carried.blocks)
        sink_print(out, "    and through it %zu byte(s) in %zu object(s) are lost indirectly\n",
                   s->carried.bytes, s->carried.blocks);
    if (options.details)
        print_details(out, s);
    if (note)
        note(out, s);
    sink_print(out, "\n");
}

void text_doubts(struct sink *out, const struct groups *g, const struct scan_result *scan)
{
    (void)g;
    int pid = sys_getpid();
    if (log_stopped())
        sink_print(out, "==%d==leakgc: incomplete: recording stopped (%s)\n", pid, log_stopped());
    if (scan->missed)
        sink_print(out,
                   "==%d==leakgc: incomplete: %zu thread(s) could not be stopped (the first: %d); "
                   "their registers were not searched\n",
                   pid, scan->missed, scan->missed_tid[0]);
}

static void print_left_out(struct sink *out, const struct shown *shown)
{
    if (shown->beyond_sites)
        sink_print(out, "... and %zu more site(s): %zu byte(s) in %zu object(s) (max_sites)\n",
                   shown->beyond_sites, shown->beyond.bytes, shown->beyond.blocks);
    if (shown->below_sites)
        sink_print(out,
                   "... and %zu site(s) below the thresholds: %zu byte(s) in %zu object(s) "
                   "(min_bytes, min_blocks)\n",
                   shown->below_sites, shown->below.bytes, shown->below.blocks);
    if (shown->beyond_sites || shown->below_sites)
        sink_print(out, "\n");
}

void text_report(struct sink *out, const struct groups *g, const struct shown *shown,
                 const struct scan_result *scan, const char *when,
                 void (*note)(struct sink *, const struct site *))
{
    struct symbols symbols;
    size_t left = shown->sites;
    symbols_init(&symbols);
    for (size_t i = 0; i < g->count && left; i++)
        if (text_is_wanted(g->site[i])) {
            symbols_want(&symbols, g->site[i]->key.trace);
            left--;
        }
    symbols_resolve(&symbols);
    text_doubts(out, g, scan);
    sink_print(out, "\n=================================================================\n");
    sink_print(out, "==%d==ERROR: leakgc: detected memory leaks%s\n\n", sys_getpid(), when);
    left = shown->sites;
    for (size_t i = 0; i < g->count && left; i++)
        if (text_is_wanted(g->site[i])) {
            print_site(out, &symbols, g->site[i], note);
            left--;
        }
    print_left_out(out, shown);
    sink_print(out, "SUMMARY: leakgc: %zu byte(s) leaked in %zu allocation(s).\n",
               shown->total.bytes, shown->total.blocks);
}

void text_summary(struct sink *out, const struct groups *g)
{
    static const char *const names[LOSS_KINDS] = {"definitely lost", "indirectly lost",
                                                  "possibly lost", "still reachable", "suppressed"};
    int pid = sys_getpid();
    sink_print(out, "==%d==\n==%d==LEAK SUMMARY:\n", pid, pid);
    for (int k = 0; k < LOSS_KINDS; k++)
        sink_print(out, "==%d==   %15s: %N bytes in %N blocks\n", pid, names[k], g->total[k].bytes,
                   g->total[k].blocks);
}
