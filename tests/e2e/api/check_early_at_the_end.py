# SPDX-License-Identifier: MIT
"""The process ends in one thread while another one makes the check of the end (__lsan_do_leak_check): there is one report,
and it decides about the status."""

import os

import reports
import runner

PROGRAM = """
#include "leaktest.h"
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

static NOINLINE void lose(void)
{
    use(malloc(100));
}

static void *check(void *argument)
{
    void (*now)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "__lsan_do_leak_check");
    CHECK(now);
    now();
    return argument;
}

int main(int argc, char **argv)
{
    (void)argv;
    pthread_t thread;
    lose();
    clobber();
    if (argc > 1)
        CHECK(!pthread_create(&thread, NULL, check, NULL));
    for (int ms = 0; argc > 1 && ms < 20000 && access("asked", F_OK); ms++)
        usleep(1000);
    return 0;
}
"""

SLOW = "#!/bin/sh\ntouch asked\nsleep 1\nexec '%s' \"$@\"\n"


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g -pthread")
    with open(bench.cwd + "/slow", "w", encoding="utf-8") as file:
        file.write(SLOW % os.path.join(bench.build, "leakgc"))
    os.chmod(bench.cwd + "/slow", 0o755)
    options = "exitcode=5:scan_log=scans:helper=%s/slow" % bench.cwd
    for command, cause in (([exe, "thread"], "api"), ([exe], "exit")):
        result = bench.run(command, {"LEAKGC_OPTIONS": options}, timeout=40)
        with open(bench.cwd + "/scans", encoding="utf-8") as file:
            log = file.read()
        os.remove(bench.cwd + "/scans")
        found, _ = reports.parse(result.stderr)
        if result.status != 5 or [r.amount("definite") for r in found] != [(100, 1)] or "cause=" + cause not in log:
            raise runner.Failure("%d reports, status %d" % (len(found), result.status), result.stderr + log)
