/* SPDX-License-Identifier: MIT
 *
 * The whole algorithm, on one page. Each step is a file of its own.
 *
 *   1 take every lock of ours, so that no stopped thread holds one          preload/lock.c
 *   2 stop the other threads, with their registers                          stop.c
 *   3 read the mappings                                                     maps.c
 *   4 number the slots, clear the marks                                     mark.c
 *   5 mark from the roots                                                   roots.c
 *   6 follow pointers until nothing new is found                            mark.c
 *   7 name each block's kind of loss, tell the caller                       classify.c
 *   8 let the threads go, release the locks
 *
 * Runs in ordinary context; from 2 to 8 with the world stopped (I9). */
#include "scan.h"

#include "../preload/lock.h"
#include "../preload/sys.h"
#include "roots.h"
#include "stop.h"

enum { STOP_TIMEOUT_MS = 1000 };

static const char *mark_and_tell(const struct stop *stop, classify_fn *visit, void *arg)
{
    struct maps maps;
    struct mark mark;
    if (!maps_read(&maps))
        return "the list of mappings can't be read";
    if (!mark_init(&mark, &maps))
        return "no memory for marking";
    if (!roots_mark(&mark, &maps, stop))
        return "no memory for the list of roots";
    mark_flood(&mark);
    if (mark.failed)
        return "internal: the worklist overflowed";
    if (!classify(&mark, visit, arg))
        return "no memory for classifying";
    return NULL;
}

void scan_run(classify_fn *visit, void *arg, struct scan_result *ret)
{
    struct stop stop;
    *ret = (struct scan_result){.threads = 1};
    maps_present_open();
    lock_take_all(LOCK_CHECK + 1);
    if (world_stop(&stop, STOP_TIMEOUT_MS)) {
        ret->failure = mark_and_tell(&stop, visit, arg);
        world_resume(&stop);
    } else {
        ret->failure = "no memory for stopping the threads";
    }
    lock_release_all(LOCK_CHECK + 1);
    maps_present_close();
    ret->stop_ns = sys_now() - stop.begun_ns;
    ret->threads += stop.count;
    ret->complete = stop.missed == 0;
    for (const struct stopped *s = stop.threads; s; s = s->next)
        if (s->missed && ret->missed < SCAN_MISSED_MOST)
            ret->missed_tid[ret->missed++] = s->tid;
    ret->missed = stop.missed;
}
