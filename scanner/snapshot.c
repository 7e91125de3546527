/* SPDX-License-Identifier: MIT
 *
 * Owns the scan of a copy of the process: stop, fork, resume; the copy searches its own memory as a
 * full stop does, and leaves what is lost in memory shared with us.
 *
 *   our thread                               the copy
 *   stop the threads, with registers
 *   clone(no exit signal)               ->   close all descriptors, die with the parent
 *   let the threads go                       mark, classify
 *   wait, or give up and kill it        <-   candidates, result; end
 *
 * The program sees nothing of it: no handler of pthread_atfork runs, no SIGCHLD comes, its wait calls
 * do not find the copy (it has no exit signal). The descriptors are closed first, so that no pipe of
 * the program stays open in it. Until the copy ends, the first write of the program to each page costs
 * a copy of the page.
 *
 * Memory that the program keeps from children (MADV_DONTFORK) is missing in the copy: then this method
 * is not used any more. Memory that children find wiped (MADV_WIPEONFORK) holds no pointers to blocks
 * there; it is meant for secrets and seeds.
 *
 * Runs in the thread of our own. */
#include "snapshot.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "kernel.h"
#include "stop.h"
#include "user_roots.h"

enum { CANDIDATES_MOST = 1 << 20, LOOK_NS = 20000000 };

struct shared {
    uint32_t done;
    bool failed, lacks_memory;
    char failure[128];
    uint64_t cpu_ns;
    struct scan_result result;
    size_t count, beyond;
    struct candidate candidate[];
};

static bool is_impossible; /* found out once */
static uint64_t cpu_ns;    /* of the copies */

uint64_t snapshot_cpu(void)
{
    return cpu_ns;
}

static size_t shared_bytes(void)
{
    return sizeof(struct shared) + CANDIDATES_MOST * sizeof(struct candidate);
}

static void put(const struct block *b, enum loss_kind kind, struct carried carried, void *arg)
{
    struct shared *s = arg;
    if (!live_is_candidate(b, kind))
        return;
    if (s->count < CANDIDATES_MOST)
        s->candidate[s->count++] = live_candidate(b, kind, carried);
    else
        s->beyond++;
}

/* Whether all that was the program's is here too. */
static bool is_whole(const struct maps *before)
{
    struct maps now;
    if (!maps_read(&now))
        return false;
    for (size_t i = 0; i < before->count; i++) {
        const struct map *m = &before->map[i];
        uintptr_t at = m->begin;
        while (m->is_private && m->writable && at < m->end) {
            const struct map *here = maps_find(&now, at);
            if (!here)
                return false;
            at = here->end;
        }
    }
    return true;
}

/* Ends the copy, whatever happens. */
static _Noreturn void search_copy(struct shared *s, const struct stop *stop,
                                  const struct maps *before)
{
    sys_die_with_parent();
    ghost_is_me();
    sys_close_all(-1);
    s->lacks_memory = !is_whole(before);
    const char *failure = NULL;
    if (!s->lacks_memory)
        failure = scan_stopped_world(stop, put, s, &s->result);
    if (failure) {
        fmt(s->failure, sizeof s->failure, "%s", failure);
        s->failed = true;
    }
    s->cpu_ns = sys_cpu();
    __atomic_store_n(&s->done, 1, __ATOMIC_RELEASE);
    sys_futex_wake_shared(&s->done);
    sys_exit(0);
}

/* Whether the copy came to its end. */
static bool await(struct shared *s, int pid)
{
    bool has_ended = false; /* and its number may be another's by now */
    while (!__atomic_load_n(&s->done, __ATOMIC_ACQUIRE) && !has_ended && !ghost_is_hurried()) {
        sys_futex_wait_shared(&s->done, 0, LOOK_NS);
        int ended = sys_has_ended(pid);
        has_ended = ended == pid || ended == -ECHILD;
    }
    int status;
    if (!has_ended) {
        sys_kill(pid, SIGKILL);
        sys_wait(pid, &status);
    }
    return __atomic_load_n(&s->done, __ATOMIC_ACQUIRE);
}

static void take_results(struct live *l, const struct shared *s)
{
    struct scan_result *r = &l->scan;
    l->candidate = scratch_alloc((s->count + 1) * sizeof *l->candidate);
    if (!l->candidate) {
        r->failure = "no memory for the candidates";
        return;
    }
    memcpy(l->candidate, s->candidate, s->count * sizeof *l->candidate);
    l->count = s->count;
    l->beyond = s->beyond;
    r->mark_ns = s->result.mark_ns;
    r->root_bytes = s->result.root_bytes;
    r->marked_bytes = s->result.marked_bytes;
    r->marked_blocks = s->result.marked_blocks;
    memcpy(r->total, s->result.total, sizeof r->total);
    if (s->failed)
        r->failure = "the copy of the process could not be searched";
}

/* The pid of the copy; < 0: none. */
static int copy(struct live *l, struct shared *s)
{
    struct stop stop;
    struct maps before;
    int pid = -1;
    kernel_ask(); /* here: the copy has no descriptors, and no timers */
    if (!scan_stop(&stop, l->patience_ms, &l->scan))
        return -1;
    bool read = stop.missed == 0 && maps_read(&before);
    if (read && user_roots_are_shared(&before)) { /* would change under the copy */
        l->why = "root_region_shared";
    } else if (read) {
        pid = sys_copy_process();
        if (pid == 0)
            search_copy(s, &stop, &before);
        l->why = pid < 0 ? "fork_failed" : l->why;
    }
    scan_resume(&stop, &l->scan);
    return pid;
}

bool snapshot_scan(struct live *l)
{
    if (is_impossible) {
        l->why = "fork_impossible";
        return false;
    }
    struct shared *s = sys_map_shared(shared_bytes());
    if (!s) {
        l->why = "no_shared_memory";
        return false;
    }
    int pid = copy(l, s);
    bool done = pid > 0 && await(s, pid);
    bool whole = done && !s->lacks_memory;
    cpu_ns += done ? s->cpu_ns : 0;
    if (whole) {
        take_results(l, s);
    } else if (done) {
        is_impossible = true;
        l->why = "memory_kept_from_children";
    } else if (pid > 0 && ghost_is_hurried()) {
        l->scan.failure = LIVE_GIVEN_UP;
    } else if (pid > 0) {
        l->why = "copy_died";
    }
    sys_unmap(s, shared_bytes());
    return whole || l->scan.failure || !l->scan.complete;
}
