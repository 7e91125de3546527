/* SPDX-License-Identifier: MIT
 *
 * Owns the decision to scan, to print and which exit status follows. Runs aside (aside.h), in the
 * thread that ends the process. */
#include "check.h"

#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "../preload/trace.h"
#include "../scanner/live.h"
#include "aside.h"
#include "foreign.h"
#include "group.h"
#include "history.h"
#include "lgc.h"
#include "program.h"
#include "scan_log.h"
#include "selftest.h"
#include "suppress_print.h"
#include "text.h"
#include "watch.h"

static void print(const struct groups *g, const struct shown *shown, const struct scan_result *scan)
{
    struct sink out;
    if (lgc_wanted() && lgc_write(g, scan, false))
        return;
    sink_open(&out, lgc_text_target());
    if (shown->total.blocks)
        text_report(&out, g, shown, scan, "", NULL);
    else
        text_doubts(&out, g, scan);
    if (!shown->total.blocks && options.verbose)
        sink_print(&out, "==%d==leakgc: no leaks\n", sys_getpid());
    if (shown->total.blocks || options.verbose)
        text_summary(&out, g);
    sink_close(&out);
}

struct found {
    struct groups *groups;
    struct live *live; /* what suppressions may apply to; added to the groups afterwards */
    uint32_t kinds;    /* that they may apply to, beside what is lost */
};

/* World stopped. */
static void take(const struct block *b, enum loss_kind kind, struct carried carried, void *arg)
{
    struct found *f = arg;
    bool ours = record_trace(b->record) == TRACE_INTERNAL;
    if (selftest_takes(b, kind))
        return;
    if (ours || !suppress_takes(kind, f->kinds) || !live_append(b, kind, carried, f->live))
        groups_add(b, kind, carried, f->groups);
}

/* The threads run: a block that was freed meanwhile was not lost. */
static void suppress(struct found *f)
{
    suppress_mark(f->live);
    for (size_t i = 0; i < f->live->count; i++) {
        const struct candidate *c = &f->live->candidate[i];
        struct block b;
        if (alloc_find(c->begin, &b) && b.begin == c->begin && b.record == c->record)
            groups_add(&b, c->kind, c->carried, f->groups);
    }
}

static struct {
    bool done, found;
} early; /* under LOCK_CHECK */

/* cause: for the log. Whether something was found that counts, in *ret; false: it came to no result. */
static bool check(const char *cause, bool *ret)
{
    struct groups groups;
    struct shown shown;
    struct live live = {0};
    uint32_t possible = lgc_wanted() ? 1u << LOSS_POSSIBLE : 0; /* its reader may list these, too */
    struct found f = {&groups, &live, options.kinds | possible};
    groups_init(&groups, lgc_wanted() ? (1u << LOSS_KINDS) - 1 : options.kinds);
    module_refresh();
    struct scan_id now = scan_log_begin();
    struct scan_note note = {.cause = cause, .method = "stop", .why = cause};
    scan_run(take, &f, SCAN_PATIENCE_MS, &live.scan);
    selftest_judge(&live.scan);
    if (!live.scan.failure)
        suppress(&f);
    if (live.scan.failure || !groups_sort(&groups)) {
        log_say("no leak check: %s",
                live.scan.failure ? live.scan.failure : "no memory for the report");
        return false;
    }
    history_add(now, &note, &live.scan);
    text_count(&groups, &shown);
    if (!shown.total.blocks && foreign_malloc_inside()) {
        log_say("the program has a malloc of its own inside; its blocks are not checked for leaks");
        return true;
    }
    if (shown.total.blocks || options.verbose || lgc_wanted() || text_unlisted(&groups))
        print(&groups, &shown, &live.scan);
    scan_log_write(&note, &live.scan);
    suppress_tell_unused(suppress_list());
    *ret = shown.total.blocks > 0;
    return true;
}

static void check_last(void *found)
{
    if (early.done) /* maybe by another thread, which was waited for */
        *(bool *)found = early.found;
    else
        check("exit", found);
}

void check_early(void *unused)
{
    (void)unused;
    if (!early.done)
        early.done = check("api", &early.found);
}

void check_after_fork(void)
{
    early.done = early.found = false;
}

int check_at_end(int status)
{
    bool found = early.found;
    watch_stop();
    if (options.enabled)
        suppress_ask_program();
    if (options.enabled && !program_is_turned_off())
        aside(check_last, &found);
    if (found && options.exitcode && status == 0)
        return (int)options.exitcode;
    return selftest_status(status);
}
