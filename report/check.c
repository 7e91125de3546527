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
#include "program.h"
#include "scan_log.h"
#include "text.h"
#include "watch.h"

static void print(const struct groups *g, const struct shown *shown, const struct scan_result *scan)
{
    struct sink out;
    sink_open(&out, options.report);
    if (shown->total.blocks)
        text_report(&out, g, shown, scan, "", NULL);
    else
        sink_print(&out, "==%d==leakgc: no leaks\n", sys_getpid());
    text_summary(&out, g);
    sink_close(&out);
}

static struct {
    bool done, found;
} early;

/* cause: for the log. Whether something was found that counts, in *ret; false: it came to no result. */
static bool check(const char *cause, bool *ret)
{
    struct groups groups;
    struct shown shown;
    struct scan_result scan;
    groups_init(&groups, options.kinds);
    module_refresh();
    scan_log_begin();
    scan_run(groups_add, &groups, SCAN_PATIENCE_MS, &scan);
    if (scan.failure || !groups_sort(&groups)) {
        log_say("no leak check: %s", scan.failure ? scan.failure : "no memory for the report");
        return false;
    }
    text_count(&groups, &shown);
    if (!shown.total.blocks && foreign_malloc_inside())
        return true;
    if (shown.total.blocks || options.verbose)
        print(&groups, &shown, &scan);
    scan_log_write(&(struct scan_note){.cause = cause, .method = "stop", .why = cause}, &scan);
    *ret = shown.total.blocks > 0;
    return true;
}

static void check_last(void *found)
{
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
    if (options.enabled && !early.done && !program_is_turned_off())
        aside(check_last, &found);
    return found && options.exitcode && status == 0 ? (int)options.exitcode : status;
}
