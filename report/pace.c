/* SPDX-License-Identifier: MIT
 *
 * Owns the pace of scans. They shall take max_cpu percent of a processor.
 *
 * Where a full scan is cheap, each scan is full, and as many are made as max_cpu allows. Where it is dear,
 * half of the time goes into full scans, as rarely as that needs; between them scans by interval are
 * partial: they find blocks that were lost since they are young (scanner/kept.c). A partial scan
 * costs what changed since the last one; in a program that writes to most of its heap that is not less than
 * a full one, so it is left out for a while.
 *
 * A first write to a page, after a scan, costs the program about a microsecond: that counts as time of the
 * next partial scan.
 *
 * Who sets the interval and not the limit gets the interval; full scans are rare all the same.
 *
 * Runs in the thread of our own, under LOCK_CHECK where it forgets. */
#include "pace.h"

#include "../preload/clock.h"
#include "../preload/log.h"
#include "../preload/options.h"
#include "../scanner/live.h"

enum {
    DEAR_MS = 100, /* processor time of a full scan */
    WRITE_NS = 1000,
    FAILED_MS = 5000,
    LEFT_OUT = 4, /* full scans, after a partial one that was no cheaper */
    HALF = 2,
};

static uint64_t next_ms;    /* uptime of the next scan by interval */
static uint64_t paid_ms;    /* uptime at which the scans so far have taken no more than max_cpu */
static uint64_t full_ms;    /* uptime of the last full scan */
static uint64_t full_price; /* its processor time, in milliseconds; 0: there was none */
static uint64_t partials;   /* since then */
static unsigned left_out;

static uint64_t min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t interval_ms(void)
{
    return options.interval ? (options.interval + 999) / 1000 : UINT64_MAX / 2;
}

void pace_restart(void)
{
    next_ms = clock_uptime_ms() + interval_ms();
    paid_ms = full_ms = full_price = partials = left_out = 0;
}

uint64_t pace_next_ms(void)
{
    return next_ms;
}

/* Whether full scans are rare. */
static bool is_dear(void)
{
    if (!options.interval && !options.interval_bytes)
        return false;
    if (options.full_each)
        return options.full_each > 1;
    return full_price >= DEAR_MS && options.max_cpu && !left_out;
}

/* So long a time makes what was spent half of max_cpu. */
static uint64_t half(uint64_t cpu_ms)
{
    return cpu_ms * 100 * HALF / options.max_cpu;
}

bool pace_is_partial(void)
{
    if (!is_dear())
        return false;
    if (options.full_each)
        return partials + 1 < options.full_each;
    return clock_uptime_ms() < full_ms + half(full_price);
}

/* What a scan takes is saved up before it: as much time passes as makes it max_cpu of that time. Of
 * partial scans each by itself, where full ones are as rare as that needs. early: the scan was full all the same,
 * because somebody asked for it, or the last one was given up. */
static uint64_t affordable_ms(const struct pace_scan *scan, uint64_t cpu_ms, bool early)
{
    bool is_limited =
        options_is_default(&options.interval) || !options_is_default(&options.max_cpu);
    if (!options.max_cpu || !is_limited)
        return 0;
    if (is_dear() && live_keeps() && !options.full_each && !early)
        return scan->partial ? scan->begun_ms + half(cpu_ms) : 0;
    uint64_t price = cpu_ms * 100 / options.max_cpu;
    paid_ms = max(paid_ms, scan->begun_ms > price ? scan->begun_ms - price : 0) + price;
    return paid_ms + price;
}

static void note_kind(const struct pace_scan *scan, uint64_t cpu_ms)
{
    if (!scan->done) {
        ; /* nothing is known of what it would have taken */
    } else if (!scan->partial) {
        left_out -= left_out > 0;
        full_ms = scan->begun_ms;
        full_price = cpu_ms;
        partials = 0;
    } else {
        partials++;
        if (!options.full_each && cpu_ms > full_price / 2)
            left_out = LEFT_OUT;
    }
    if (!is_dear())
        live_forget();
}

void pace_note(const struct pace_scan *scan)
{
    uint64_t now = clock_uptime_ms();
    uint64_t took = now - scan->begun_ms;
    uint64_t late = scan->begun_ms > next_ms ? scan->begun_ms - next_ms : 0;
    uint64_t cpu_ms = scan->cpu_ns / 1000000;
    if (scan->partial)
        cpu_ms += scan->dirty_pages * WRITE_NS / 1000000;
    uint64_t rest = scan->done || !options.interval ? interval_ms() : min(interval_ms(), FAILED_MS);
    late = min(late, rest / 4);
    next_ms = now + (rest > 2 * took + late ? rest - took - late : took);
    bool early = !scan->partial && is_dear() && !options.full_each &&
                 scan->begun_ms < full_ms + half(full_price);
    note_kind(scan, cpu_ms);
    uint64_t affordable = affordable_ms(scan, cpu_ms, early);
    if (affordable > next_ms && options.interval) {
        next_ms = affordable;
        log_verbose(
            "the next scan by interval is in %lu s: scans shall take no more than %lu percent of a "
            "processor (max_cpu)",
            (next_ms - now) / 1000, options.max_cpu);
    }
}
