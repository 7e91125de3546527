/* SPDX-License-Identifier: MIT
 *
 * Owns the scan log (scan_log.h). Runs in ordinary context and in the thread of our own, under
 * LOCK_CHECK. */
#include "scan_log.h"

#include <string.h>

#include "../preload/clock.h"
#include "../preload/fmt.h"
#include "../preload/log.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "../scanner/live.h"
#include "sink.h"

static struct scan_id current;
static uint64_t begun_cpu_ns;
static char line[SCAN_LOG_LINE];
static struct scan_counts counts;

struct scan_id scan_log_begin(void)
{
    current.number++;
    current.begun_ms = clock_uptime_ms();
    begun_cpu_ns = live_cpu();
    return current;
}

uint64_t scan_log_cpu_ns(void)
{
    return live_cpu() - begun_cpu_ns;
}

static size_t put_heap(char *to, size_t cap, const struct scan_result *scan)
{
    struct scan_total live = {0, 0};
    struct scan_total lost = {0, 0};
    for (int k = 0; k < LOSS_KINDS; k++) {
        live.bytes += scan->total[k].bytes;
        live.blocks += scan->total[k].blocks;
        if (k == LOSS_DEFINITE || k == LOSS_INDIRECT) {
            lost.bytes += scan->total[k].bytes;
            lost.blocks += scan->total[k].blocks;
        }
    }
    uint64_t searched = scan->marked_bytes + scan->root_bytes;
    uint64_t mb_s = scan->mark_ns ? searched * 1000 / scan->mark_ns : 0; /* 10^6 bytes a second */
    return fmt(to, cap,
               " mark_us=%lu gb_s=%lu.%03lu marked_bytes=%zu marked_blocks=%zu live_bytes=%zu "
               "live_blocks=%zu root_bytes=%zu"
               " dirty_pages=%zu lost_bytes=%zu lost_blocks=%zu",
               scan->mark_ns / 1000, mb_s / 1000, mb_s % 1000, scan->marked_bytes,
               scan->marked_blocks, live.bytes, live.blocks, scan->root_bytes, scan->dirty_pages,
               lost.bytes, lost.blocks);
}

static size_t put_verdict(char *to, size_t cap, const struct verdict *v)
{
    return fmt(
        to, cap,
        " leaked_bytes=%zu leaked_blocks=%zu new_bytes=%zu new_blocks=%zu returned_blocks=%zu"
        " untracked_blocks=%zu",
        v->leaked_bytes, v->leaked_blocks, v->new_bytes, v->new_blocks, v->returned, v->untracked);
}

const char *scan_log_result(const struct scan_result *scan)
{
    return scan->failure ? "failed" : scan->complete ? "ok" : "incomplete";
}

static void put_line(const struct scan_note *note, const struct scan_result *scan)
{
    size_t cap = sizeof line;
    size_t n = fmt(
        line, cap,
        "scan=%u pid=%d time=%lu uptime_ms=%lu cause=%s method=%s why=%s result=%s"
        " stop_us=%lu stops_us=%lu stops=%zu budget_us=%lu tries=%u threads=%zu missed=%zu",
        current.number, sys_getpid(), sys_unix_seconds(), current.begun_ms, note->cause,
        note->method, note->why, scan_log_result(scan), scan->stop_ns / 1000, scan->stops_ns / 1000,
        scan->stops, note->budget_us, note->tries, scan->threads, scan->missed);
    n += put_heap(line + n, cap - n, scan);
    if (note->verdict)
        n += put_verdict(line + n, cap - n, note->verdict);
    n += fmt(line + n, cap - n, " scope=%s cpu_us=%lu", note->partial ? "partial" : "full",
             scan_log_cpu_ns() / 1000);
    if (scan->missed)
        n += fmt(line + n, cap - n, " missed_tid=%d", scan->missed_tid[0]);
    if (scan->failure) /* last, because it has blanks */
        fmt(line + n, cap - n, " failure=%s", scan->failure);
}

const char *scan_log_line(void)
{
    return line;
}

static void set(uint64_t *place, uint64_t value)
{
    __atomic_store_n(place, value, __ATOMIC_RELAXED);
}

static void count(const struct scan_note *note, const struct scan_result *scan)
{
    set(&counts.scans, counts.scans + 1);
    set(&counts.last_stop_ns, scan->stop_ns);
    if (scan->stop_ns > counts.longest_stop_ns)
        set(&counts.longest_stop_ns, scan->stop_ns);
    if (scan->failure)
        return;
    const struct scan_total *t = scan->total;
    set(&counts.lost_blocks, t[LOSS_DEFINITE].blocks + t[LOSS_INDIRECT].blocks);
    set(&counts.lost_bytes, t[LOSS_DEFINITE].bytes + t[LOSS_INDIRECT].bytes);
    if (note->verdict) {
        set(&counts.leaked_blocks, note->verdict->leaked_blocks);
        set(&counts.leaked_bytes, note->verdict->leaked_bytes);
    }
}

struct scan_counts scan_log_counts(void)
{
    return counts;
}

void scan_log_write(const struct scan_note *note, const struct scan_result *scan)
{
    static struct sink out;
    count(note, scan);
    put_line(note, scan);
    log_verbose("%s", line);
    if (!*options.scan_log)
        return;
    sink_open(&out, options.scan_log);
    sink_print(&out, "%s\n", line);
    sink_close(&out);
}
