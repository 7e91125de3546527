/* SPDX-License-Identifier: MIT
 *
 * Owns the memory of the last scans (history.h): a ring.
 *
 * Runs in ordinary context and in the thread of our own, under LOCK_CHECK. */
#include "history.h"

#include "../preload/fmt.h"

static struct scan_fact ring[HISTORY_MOST];
static size_t added;

static struct scan_total sum(const struct scan_result *scan, uint32_t kinds)
{
    struct scan_total total = {0, 0};
    for (int k = 0; k < LOSS_KINDS; k++)
        if (kinds >> k & 1) {
            total.bytes += scan->total[k].bytes;
            total.blocks += scan->total[k].blocks;
        }
    return total;
}

void history_add(struct scan_id id, const struct scan_note *note, const struct scan_result *scan)
{
    struct scan_fact *f = &ring[added++ % HISTORY_MOST];
    const struct verdict *v = note->verdict;
    *f = (struct scan_fact){
        .id = id,
        .stop_us = scan->stop_ns / 1000,
        .mark_us = scan->mark_ns / 1000,
        .live = sum(scan, (1u << LOSS_KINDS) - 1),
        .lost = sum(scan, 1u << LOSS_DEFINITE | 1u << LOSS_INDIRECT),
    };
    if (v) {
        f->leaked = (struct scan_total){v->leaked_bytes, v->leaked_blocks};
        f->new = (struct scan_total){v->new_bytes, v->new_blocks};
    }
    fmt(f->cause, sizeof f->cause, "%s", note->cause);
    fmt(f->method, sizeof f->method, "%s", note->method);
    fmt(f->result, sizeof f->result, "%s", scan_log_result(scan));
}

size_t history_count(void)
{
    return added < HISTORY_MOST ? added : HISTORY_MOST;
}

const struct scan_fact *history_at(size_t i)
{
    return &ring[(added - history_count() + i) % HISTORY_MOST];
}

void history_reset(void)
{
    added = 0;
}
