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
#include "history.h"
#include "lgc.h"
#include "scan_log.h"
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
        sink_print(&out, "==%d==leakgc: no leaks\n", sys_getpid());
    text_summary(&out, g);
    sink_close(&out);
}

/* *found: whether something was found that counts. */
static void check(void *found)
{
    struct groups groups;
    struct shown shown;
    struct scan_result scan;
    groups_init(&groups, lgc_wanted() ? (1u << LOSS_KINDS) - 1 : options.kinds);
    module_refresh();
    struct scan_id now = scan_log_begin();
    struct scan_note note = {.cause = "exit", .method = "stop", .why = "exit"};
    scan_run(groups_add, &groups, SCAN_PATIENCE_MS, &scan);
    if (scan.failure || !groups_sort(&groups)) {
        log_say("no leak check: %s", scan.failure ? scan.failure : "no memory for the report");
        return;
    }
    history_add(now, &note, &scan);
    text_count(&groups, &shown);
    if (!shown.total.blocks && foreign_malloc_inside())
        return;
    if (shown.total.blocks || options.verbose || lgc_wanted())
        print(&groups, &shown, &scan);
    scan_log_write(&note, &scan);
    *(bool *)found = shown.total.blocks > 0;
}

int check_at_end(int status)
{
    bool found = false;
    watch_stop();
    if (options.enabled)
        aside(check, &found);
    return found && options.exitcode && status == 0 ? (int)options.exitcode : status;
}
