/* SPDX-License-Identifier: MIT
 *
 * Owns the decision to scan, to print and which exit status follows. Runs aside (aside.h), in the thread that ends the process. */
#include "check.h"

#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/sys.h"
#include "../scanner/scan.h"
#include "aside.h"
#include "foreign.h"
#include "group.h"
#include "scan_log.h"
#include "selftest.h"
#include "text.h"
#include "watch.h"

static void print(const struct groups *g, const struct shown *shown, const struct scan_result *scan)
{
    struct sink out;
    sink_open(&out, options.report);
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

static void add_but_planted(const struct block *b, enum loss_kind kind, struct carried carried,
                            void *arg)
{
    if (!selftest_takes(b, kind))
        groups_add(b, kind, carried, arg);
}

/* *found: whether something was found that counts. */
static void check(void *found)
{
    struct groups groups;
    struct shown shown;
    struct scan_result scan;
    groups_init(&groups, options.kinds);
    module_refresh();
    scan_log_begin();
    scan_run(options.selftest ? add_but_planted : groups_add, &groups, SCAN_PATIENCE_MS, &scan);
    selftest_judge(&scan);
    if (scan.failure || !groups_sort(&groups)) {
        log_say("no leak check: %s", scan.failure ? scan.failure : "no memory for the report");
        return;
    }
    text_count(&groups, &shown);
    if (!shown.total.blocks && foreign_malloc_inside()) {
        log_say("the program has a malloc of its own inside; its blocks are not checked for leaks");
        return;
    }
    if (shown.total.blocks || options.verbose || text_unlisted(&groups))
        print(&groups, &shown, &scan);
    scan_log_write(&(struct scan_note){.cause = "exit", .method = "stop", .why = "exit"}, &scan);
    *(bool *)found = shown.total.blocks > 0;
}

int check_at_end(int status)
{
    bool found = false;
    watch_stop();
    if (options.enabled)
        aside(check, &found);
    if (found && options.exitcode && status == 0)
        return (int)options.exitcode;
    return selftest_status(status);
}
