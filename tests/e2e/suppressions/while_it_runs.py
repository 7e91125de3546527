# SPDX-License-Identifier: MIT
"""Scans of the running program, by each method, and those that it asks for, leave out what is suppressed, with what
that reaches."""

import reports
import runner

PROGRAM = """
#include "livetest.h"
static NOINLINE void lose_known(void)
{
    void **p = malloc(100);
    *p = malloc(200);
    use(p);
}
static NOINLINE void lose_other(void)
{
    use(malloc(30));
}
int main(void)
{
    long (*scan)(void) = (long (*)(void))dlsym(RTLD_DEFAULT, "leakgc_scan");
    lose_known();
    lose_other();
    clobber();
    wait_scans(3);
    clobber();
    CHECK(scan() == LOST);
    return 0;
}
"""


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g -DLOST=1")
    control = bench.compile(PROGRAM, "-O0 -g -DLOST=3", "control.c")
    with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
        file.write("leak:lose_known\n")
    for method in ("concurrent", "fork", "stop"):
        options = "scan_log=scans:interval=50ms:min_age=0:snapshot=%s" % method
        run(bench, exe, options + ":suppressions=supp", {"definite": (30, 1), "indirect": (0, 0),
                                                         "suppressed": (300, 2)})
        run(bench, control, options, {"definite": (130, 2), "indirect": (200, 1), "suppressed": (0, 0)})


def run(bench, exe, options, expected):
    open(bench.cwd + "/scans", "w", encoding="utf-8").close()
    result = bench.run([exe], {"LEAKGC_OPTIONS": options}, timeout=40)
    found, _ = reports.parse(result.stderr)
    if result.status != 0 or len(found) < 2:
        raise runner.Failure("%s: a report while it runs, and one at the end" % options, result.stderr)
    for report in (found[0], found[-1]):
        for kind, amount in expected.items():
            if report.amount(kind) != amount:
                raise runner.Failure("%s: %s: expected %s" % (options, kind, amount), result.stderr)
