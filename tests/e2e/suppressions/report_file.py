# SPDX-License-Identifier: MIT
"""A report file of thousands of suppressed leaks, among them what is reachable: also listed, and not in the way. What is
possibly lost is suppressed there, too, for who reads the file may list it."""

import os
import subprocess

import reports
import runner

PROGRAM = """
#include "leaktest.h"
static void *volatile kept[40];
static NOINLINE void *known(size_t bytes)
{
    return malloc(bytes);
}
int main(int argc, char **argv)
{
    (void)argv;
    kept[0] = malloc(1);
    for (int i = 0; i < 3000; i++) {
        use(known(24));
        if (i == 1000)
            kept[1] = malloc(24);
    }
    kept[2] = (char *)known(100) + 8;
    clobber();
    if (argc > 1)
        use(malloc(33));
    clobber();
    return 0;
}
"""


def totals(bench, exe, arguments, options):
    result = bench.run([exe] + arguments, {"LEAKGC_OPTIONS": "report=%n.lgc:exitcode=5" + options})
    done = subprocess.run([os.path.join(bench.build, "leakgc"), "report", "--kinds", "all", "1.lgc"], cwd=bench.cwd,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    found = reports.parse_totals(done.stdout)
    os.remove(os.path.join(bench.cwd, "1.lgc"))
    if result.stderr or done.returncode or not found:
        raise runner.Failure("leakgc report: status %d" % done.returncode, result.stderr + done.stderr + done.stdout)
    return result.status, found


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
        file.write("leak:known\n")
    cases = (([], "", 5, (72000, 3000), (100, 1), (0, 0)),
             ([], ":suppressions=supp", 0, (0, 0), (0, 0), (72100, 3001)),
             (["x"], ":suppressions=supp", 5, (33, 1), (0, 0), (72100, 3001)))
    for arguments, options, status, *expected in cases:
        found_status, found = totals(bench, exe, arguments, options)
        kinds = [found[kind] for kind in ("definite", "possible", "suppressed")]
        if found_status != status or kinds != expected or found["reachable"] != (25, 2):
            raise runner.Failure("%s %s: status %d, %s" % (arguments, options, found_status, found))
