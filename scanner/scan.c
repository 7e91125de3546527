/* SPDX-License-Identifier: MIT
 *
 * The whole algorithm, on one page. Each step is a file of its own.
 *
 *   1 take every lock of ours, so that no stopped thread holds one          preload/lock.c
 *   2 stop the other threads, with their registers                          stop.c
 *   3 read the mappings; hide weak references                               maps.c, weak.c
 *   4 note which blocks there are, clear the marks                          mark.c
 *   5 mark from the roots                                                   roots.c
 *   6 follow pointers until nothing new is found                            flood.c
 *   7 name each block's kind of loss, tell the caller                       classify.c
 *   8 show weak references again; let the threads go, release the locks
 *
 * Runs in ordinary context; from 2 to 8 with the world stopped (I9). */
#include "scan.h"

#include "../preload/ending.h"
#include "../preload/ghost.h"
#include "../preload/lock.h"
#include "../preload/sys.h"
#include "kernel.h"
#include "roots.h"
#include "stop.h"
#include "weak.h"

enum { EXECUTION_MS = 1000 };

static bool can_peek(void)
{
    uint64_t there = 0x6c65616b67630001;
    uint64_t copy = 0;
    return sys_peek(&copy, &there, sizeof copy) == sizeof copy && copy == there;
}

struct telling {
    classify_fn *visit;
    void *arg;
    struct scan_result *result;
};

static void count_and_tell(const struct block *b, enum loss_kind kind, struct carried carried,
                           void *arg)
{
    const struct telling *t = arg;
    t->result->total[kind].bytes += b->bytes;
    t->result->total[kind].blocks++;
    t->visit(b, kind, carried, t->arg);
}

/* Steps 4 to 7. */
static const char *judge(struct mark *mark, const struct maps *maps, const struct stop *stop,
                         struct telling *telling)
{
    struct scan_result *ret = telling->result;
    uint64_t begun_ns = sys_now();
    if (!mark_init(mark, maps))
        return "no memory for marking";
    if (!roots_mark(mark, maps, stop))
        return "no memory for the list of roots";
    mark_flood(mark);
    ret->mark_ns = sys_now() - begun_ns;
    ret->root_bytes = mark->root_bytes;
    ret->marked_blocks = mark->marked_blocks;
    ret->marked_bytes = mark->marked_bytes;
    if (mark->failed)
        return "no memory for marking";
    if (!classify(mark, count_and_tell, telling))
        return "no memory for classifying";
    return NULL;
}

/* Only the program itself makes lost references empty: its threads can be told then. */
static bool is_asked_by_program(void)
{
    return asking.known && asking.tid == sys_gettid();
}

const char *scan_stopped_world(const struct stop *stop, classify_fn *visit, void *arg,
                               struct scan_result *ret)
{
    struct telling telling = {visit, arg, ret};
    struct maps maps;
    struct mark mark;
    if (!can_peek())
        return "the system does not let the process read its own memory";
    if (!maps_read(&maps))
        return "/proc/self/maps can't be read (is /proc there, are there descriptors left?)";
    maps_present_open(); /* after the mappings were read: there may be one descriptor only */
    bool hidden = stop->missed == 0;
    if (hidden)
        weak_hide(&maps, is_asked_by_program());
    const char *failure = judge(&mark, &maps, stop, &telling);
    if (hidden)
        weak_show(!failure && is_asked_by_program() ? &mark : NULL);
    return failure;
}

/* A stop signal that is on its way when the program executes another would end that one. Our own thread gives
 * the scan up; where the program waits for a result, it may be that nothing comes of the execution. */
static bool lock_for_stop(void)
{
    bool is_ours = sys_gettid() == ghost_tid();
    for (unsigned ms = 0;; ms++) {
        lock_take_all(LOCK_CHECK + 1);
        if (ghost_may_stop())
            return true;
        if (is_ours || ms == EXECUTION_MS)
            return false;
        lock_release_all(LOCK_CHECK + 1);
        ghost_await_stops(1);
    }
}

bool scan_stop_some(struct stop *stop, unsigned timeout_ms, const int *tid, size_t count,
                    struct scan_result *ret)
{
    bool may = lock_for_stop();
    if (may && (tid ? world_stop_some(stop, timeout_ms, tid, count) : world_stop(stop, timeout_ms)))
        return true;
    lock_release_all(LOCK_CHECK + 1);
    ret->failure =
        may ? "threads can't be stopped (is /proc there, are there memory and descriptors left?)"
            : "the program executes another";
    return false;
}

bool scan_stop(struct stop *stop, unsigned timeout_ms, struct scan_result *ret)
{
    return scan_stop_some(stop, timeout_ms, NULL, 0, ret);
}

void scan_note_threads(const struct stop *stop, struct scan_result *ret)
{
    ret->threads = stop->count + (sys_gettid() != ghost_tid());
    ret->complete = stop->missed == 0;
    ret->missed = 0;
    for (const struct stopped *s = stop->threads; s; s = s->next)
        if (s->missed && ret->missed < SCAN_MISSED_MOST)
            ret->missed_tid[ret->missed++] = s->tid;
    ret->missed = stop->missed;
}

void scan_resume(const struct stop *stop, struct scan_result *ret)
{
    uint64_t now = sys_now(); /* now: the threads may run before this one goes on */
    uint64_t since = world_stands_since(stop);
    uint64_t ns = now > since ? now - since : 0;
    world_resume(stop);
    lock_release_all(LOCK_CHECK + 1);
    ret->stops++;
    ret->stops_ns += ns;
    ret->stop_ns = ns > ret->stop_ns ? ns : ret->stop_ns;
    scan_note_threads(stop, ret);
}

void scan_run(classify_fn *visit, void *arg, unsigned timeout_ms, struct scan_result *ret)
{
    struct stop stop;
    *ret = (struct scan_result){0};
    if (!scan_stop(&stop, timeout_ms, ret))
        return;
    kernel_ask();
    ret->failure = scan_stopped_world(&stop, visit, arg, ret);
    scan_resume(&stop, ret);
    maps_present_close();
}
