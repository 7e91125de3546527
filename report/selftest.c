/* SPDX-License-Identifier: MIT
 *
 * Owns the planted leak (selftest.h). It is allocated as the program's blocks are, on a stack that goes away
 * at once, so that no stale word keeps it; its address is kept inverted. A check that works calls it
 * definitely lost, with its size and its call stack. Anything else is a lie in all that is reported, and is
 * told, whatever else the options say.
 *
 * A child of fork has the block too, but gives no verdict: blocks of threads that it does not have
 * count as reachable there.
 *
 * Runs in ordinary context and in the thread of our own, under LOCK_CHECK; selftest_takes with the world
 * stopped. */
#include "selftest.h"

#include "../preload/alloc.h"
#include "../preload/ending.h"
#include "../preload/fmt.h"
#include "../preload/log.h"
#include "../preload/options.h"
#include "../preload/real.h"
#include "../preload/trace.h"

enum { PLANTED_BYTES = 1777, STACK_BYTES = 256 << 10, FAILED_STATUS = 99, FRAMES = 2 };

static uintptr_t hidden; /* ~address of the block; 0: there is none */
static uintptr_t stack[FRAMES];
static int planter; /* process */
static bool failed, passed, judged;

static struct {
    bool seen;
    enum loss_kind kind;
    size_t bytes;
    record record;
} found;

/* As if exit had called malloc, and quick_exit exit: frames of ours are left out of call stacks, and the
 * loader's blocks are no leaks. */
static void plant(void *unused)
{
    (void)unused;
    stack[0] = (uintptr_t)real()->exit + 1;
    stack[1] = (uintptr_t)real()->quick_exit + 1;
    const uintptr_t frame[] = {0, stack[0], stack[1], 0, 0};
    void *p = alloc_new(PLANTED_BYTES, ALIGN_LEAST, true, frame);
    hidden = p ? ~(uintptr_t)p : 0;
}

static void fail(const char *why)
{
    if (!failed)
        log_say("selftest FAILED: %s", why);
    failed = true;
}

void selftest_plant(void)
{
    char *place = sys_reserve(STACK_BYTES);
    planter = sys_getpid();
    if (place && !sys_allow(place, STACK_BYTES))
        arch_call_on_stack(plant, NULL, (uintptr_t)place + STACK_BYTES);
    if (place)
        sys_unmap(place, STACK_BYTES);
    if (!hidden)
        fail("no memory for the planted leak");
}

void selftest_refused(const char *why)
{
    planter = sys_getpid();
    fail(why);
}

static bool is_planted(uintptr_t begin)
{
    return hidden && ~begin == hidden;
}

bool selftest_takes(const struct block *b, enum loss_kind kind)
{
    if (!is_planted(b->begin))
        return false;
    found.seen = true;
    found.kind = kind;
    found.bytes = b->bytes;
    found.record = b->record;
    return true;
}

static bool has_its_stack(record r)
{
    uint32_t trace = record_trace(r);
    struct trace_frame f;
    size_t n = 0;
    for (; trace_next(&trace, &f); n++)
        if (n == FRAMES || f.pc != stack[n])
            return false;
    return n == (options.stack_depth < FRAMES ? options.stack_depth : FRAMES);
}

static bool gives_verdict(void)
{
    return hidden && sys_getpid() == planter;
}

static void judge(void)
{
    char why[160];
    if (!gives_verdict())
        return;
    if (!found.seen)
        fail("the planted leak was not found; so are others");
    else if (found.kind != LOSS_DEFINITE) {
        fmt(why, sizeof why, "the planted leak was found to be %s, not definitely lost",
            loss_kind_name(found.kind));
        fail(why);
    } else if (found.bytes != PLANTED_BYTES) {
        fmt(why, sizeof why, "the planted leak was found with %zu bytes, not %d", found.bytes,
            PLANTED_BYTES);
        fail(why);
    } else if (!has_its_stack(found.record))
        fail("the planted leak was found without its call stack");
    else if (!passed && !failed) {
        log_verbose("selftest passed: the planted leak was found");
        passed = true;
    }
}

static void take_out(struct scan_result *scan)
{
    struct scan_total *t = &scan->total[found.kind];
    if (!found.seen || !t->blocks)
        return;
    t->blocks--;
    t->bytes -= found.bytes;
}

void selftest_judge(struct scan_result *scan)
{
    judged = true;
    if (!scan->failure)
        judge();
    else if (gives_verdict())
        fail("there was no check");
    take_out(scan);
    found.seen = false;
}

/* Its place is closed: candidates are in order of address. */
void selftest_judge_live(struct live *l)
{
    if (!hidden || l->scan.failure)
        return;
    for (size_t i = 0; i < l->count; i++) {
        const struct candidate *c = &l->candidate[i];
        if (!is_planted(c->begin))
            continue;
        found.seen = true;
        found.kind = c->kind;
        found.bytes = c->bytes;
        found.record = c->record;
        l->count--;
        memmove(l->candidate + i, l->candidate + i + 1, (l->count - i) * sizeof *c);
        break;
    }
    if (l->scan.complete && !l->beyond)
        judge();
    take_out(&l->scan);
    found.seen = false;
}

int selftest_status(int status)
{
    if (!judged && gives_verdict())
        fail("there was no check");
    if (!failed || status || sys_getpid() != planter)
        return status;
    return options.exitcode ? (int)options.exitcode : FAILED_STATUS;
}
