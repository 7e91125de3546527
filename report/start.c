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
#include "../preload/init.h"
#include "../preload/log.h"
#include "../preload/module.h"
#include "../preload/options.h"
#include "../preload/space.h"
#include "../preload/sys.h"
#include "check.h"
#include "errors.h"
#include "foreign.h"
#include "lgc.h"
#include "sink.h"
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
        log_to(fd);
}

__attribute__((constructor)) static void start(void)
{
    init_late();
    if (options.help)
        options_help();
    alloc_error_handler = errors_report;
    if (!options.enabled)
        return;
    open_log();
    lgc_init();
    control_init();
    if (foreign_malloc_at_start()) {
        options.enabled = false;
        return;
    }
    ending_check = check_at_end;
    watch_init();
    log_verbose("watching %s, cage of %zu GiB at %p", init_program(),
                (space.cage.end - space.cage.begin) >> 30, (void *)space.cage.begin);
}
