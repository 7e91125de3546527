/* SPDX-License-Identifier: MIT
 *
 * Owns the choice of how to scan a living program.
 *
 *   concurrent  marks while the program runs; stops one thread after the other,
 *               all of them only for what may be a new leak                       concurrent.c
 *   fork        stops it for fork(2); a copy of the process marks its memory     snapshot.c
 *   stop        stops it for the whole of the marking
 *
 * What is lost can't come back: nobody has its address. So candidates may be looked at when the
 * threads run again; one that was not lost after all, because the scan was fooled, changes or goes
 * away meanwhile, and then does not count (report/suspects.c).
 *
 * Runs in the thread of our own. */
#include "live.h"

#include <string.h>

#include "../preload/space.h"
#include "../preload/sys.h"
#include "../preload/trace.h"
#include "concurrent.h"
#include "crew.h"
#include "kept.h"
#include "snapshot.h"
#include "weak.h"

enum { PIECE = 256, HASHED_BYTES = 4096, FAILURES_MOST = 5 };

static const char *const names[] = {"auto", "concurrent", "fork", "stop"};

const char *live_method_name(enum live_method method)
{
    return names[method];
}

bool live_method_parse(const char *name, enum live_method *ret)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i])) {
            *ret = (enum live_method)i;
            return true;
        }
    return false;
}

bool live_is_candidate(const struct block *b, enum loss_kind kind)
{
    return (kind == LOSS_DEFINITE || kind == LOSS_INDIRECT) &&
           record_trace(b->record) != TRACE_INTERNAL;
}

struct candidate live_candidate(const struct block *b, enum loss_kind kind, struct carried carried)
{
    return (struct candidate){
        .begin = b->begin,
        .bytes = b->bytes,
        .record = b->record,
        .carried = carried,
        .kind = kind,
        .thread = slab_thread_of(b->slab, b->index),
    };
}

/* In place, or, where somebody else took scratch memory meanwhile, by moving to twice as much. */
static bool grow(struct live *l)
{
    struct candidate *more = scratch_alloc(PIECE * sizeof *more);
    size_t room = l->room + PIECE;
    if (more && l->room && more != l->candidate + l->room) {
        room = 2 * l->room;
        more = scratch_alloc(room * sizeof *more);
        if (more)
            memcpy(more, l->candidate, l->count * sizeof *more);
        l->candidate = more ? more : l->candidate;
    }
    if (!more)
        return false;
    l->candidate = l->room ? l->candidate : more;
    l->room = room;
    return true;
}

bool live_append(const struct block *b, enum loss_kind kind, struct carried carried, struct live *l)
{
    if (l->count == l->room && !grow(l))
        return false;
    l->candidate[l->count++] = live_candidate(b, kind, carried);
    return true;
}

void live_collect(const struct block *b, enum loss_kind kind, struct carried carried, void *arg)
{
    struct live *l = arg;
    if (live_is_candidate(b, kind) && !live_append(b, kind, carried, l))
        l->beyond++;
}

/* FNV-1a over words. */
static uint64_t hash_words(uint64_t h, const uint64_t *word, size_t words)
{
    for (size_t i = 0; i < words; i++)
        h = (h ^ word[i]) * 0x100000001b3;
    return h;
}

/* The first and the last page of the block, through a copy: it may be gone by now. */
static uint64_t hash_block(const struct candidate *c)
{
    uint64_t words[HASHED_BYTES / sizeof(uint64_t)];
    uint64_t h = 0xcbf29ce484222325;
    size_t bytes = c->bytes < HASHED_BYTES ? c->bytes : HASHED_BYTES;
    ssize_t got = sys_peek(words, (const void *)c->begin, bytes);
    h = hash_words(h, words, got > 0 ? (size_t)got / 8 : 0);
    if (c->bytes <= HASHED_BYTES)
        return h;
    got = sys_peek(words, (const void *)(c->begin + c->bytes - HASHED_BYTES), HASHED_BYTES);
    return hash_words(h, words, got > 0 ? (size_t)got / 8 : 0);
}

uint64_t live_cpu(void)
{
    return sys_cpu() + crew_cpu() + snapshot_cpu();
}

bool live_keeps(void)
{
    return kept_any();
}

void live_forget(void)
{
    kept_forget();
}

static void scan_stopped(struct live *l)
{
    l->method = LIVE_STOP;
    scan_run(live_collect, l, l->patience_ms, &l->scan);
}

/* Where it came to no result, it is left out the next time, the next 3, 7, ... times. */
static bool scan_concurrently(struct live *l, bool must)
{
    static unsigned failures, left_out;
    static const char *why;
    if (left_out && !must) {
        left_out--;
        l->why = why;
        return false;
    }
    if (concurrent_scan(l)) {
        failures = left_out = 0;
        return true;
    }
    failures += failures < FAILURES_MOST;
    left_out = (1u << failures) - 1;
    why = l->why;
    return false;
}

static void scan_by_best(struct live *l)
{
    enum live_method wanted = l->method;
    l->why = wanted == LIVE_AUTO ? "best" : "asked";
    l->method = LIVE_CONCURRENT;
    if (wanted == LIVE_AUTO && weak_any()) { /* a running program's slots can't be hidden */
        l->why = "weak_references";
        wanted = LIVE_FORK;
    }
    if ((wanted == LIVE_AUTO || wanted == LIVE_CONCURRENT) &&
        scan_concurrently(l, wanted == LIVE_CONCURRENT))
        return;
    l->method = LIVE_FORK;
    l->was_partial = false;
    if (wanted != LIVE_STOP && snapshot_scan(l))
        return;
    scan_stopped(l);
}

void live_scan(struct live *l)
{
    l->count = l->room = l->beyond = l->tries = 0;
    l->budget_us = 0;
    l->was_partial = false;
    l->candidate = NULL;
    l->scan = (struct scan_result){0};
    scan_by_best(l);
    for (size_t i = 0; i < l->count && !l->scan.failure; i++)
        l->candidate[i].hash = hash_block(&l->candidate[i]);
}
