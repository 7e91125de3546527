/* SPDX-License-Identifier: MIT
 *
 * Owns the start of the library: the constructor, which brings the layers to life from the bottom
 * and hands the lower ones the functions of the upper ones (nothing calls upward by name). */
#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>

#include "../preload/alloc.h"
#include "../preload/control.h"
#include "../preload/ending.h"
#include "../preload/hooks_sanitizer.h"
#include "../preload/init.h"
#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "../preload/thread.h"
#include "asked.h"
#include "check.h"
#include "errors.h"
#include "foreign.h"
#include "lgc.h"
#include "program.h"
#include "selftest.h"
#include "sink.h"
#include "suppress.h"
#include "watch.h"

static void open_log(void)
{
    char path[4096];
    if (!strcmp(options.log, "stderr"))
        return;
    sink_expand(path, sizeof path, options.log, 1);
    int fd = sys_open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (fd < 0)
        log_say("log '%s' can't be opened (%s); using stderr", path, strerrorname_np(-fd));
    else
        log_to(fd, path);
}

static void stand_aside(void)
{
    if (options.required == (uint32_t)sys_getpid()) {
        log_say("so it is not run (option 'required', which 'leakgc run' sets)");
        sys_exit(126);
    }
    options.enabled = false;
    thread_unwatched = true;
    if (!options.selftest)
        return;
    selftest_refused("the program's blocks are not checked");
    ending_check = check_at_end; /* for the exit status */
}

__attribute__((constructor)) static void start(void)
{
    hooks_sanitizer();
    init_late();
    if (options.help)
        options_help();
    alloc_error_handler = errors_report;
    if (options.enabled)
        program_options();
    if (!options.enabled)
        return;
    open_log();
    lgc_init();
    control_init();
    if (foreign_malloc_at_start()) {
        stand_aside();
        return;
    }
    suppress_init();
    ending_main = suppress_ask_program;
    ending_check = check_at_end;
    ending_scan = asked_scan;
    watch_init();
    if (options.selftest)
        selftest_plant();
    log_verbose("watching %s, cage of %zu GiB at %p", init_program(),
                (space.cage.end - space.cage.begin) >> 30, (void *)space.cage.begin);
}
