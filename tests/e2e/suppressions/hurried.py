# SPDX-License-Identifier: MIT
"""A scan that is given up, because the program ends before the helper has answered, tells nothing of what it could not
compare with suppressions; where the helper can't answer at all, a line says what that means while the program runs."""

import os

import runner

PROGRAM = """
#include "leaktest.h"

static NOINLINE void known(void)
{
    use(malloc(77));
}

int main(void)
{
    known();
    clobber();
    for (int i = 0; i < 300; i++) {
        void *p = malloc(300000);
        use(p);
        free(p);
        usleep(10000);
    }
    return 0;
}
"""

SLOW = "#!/bin/sh\nsleep 6\nexec '%s' \"$@\"\n"
NAMES = ("leakgc: no names from the helper (symbolize=0): while the program runs, suppressions are compared with "
         "those of modules")


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
        file.write("leak:known\n")
    with open(bench.cwd + "/slow", "w", encoding="utf-8") as file:
        file.write(SLOW % os.path.join(bench.build, "leakgc"))
    os.chmod(bench.cwd + "/slow", 0o755)
    options = "suppressions=supp:interval=50ms:min_age=0:confirm=1:scan_log=scans:"
    result = bench.run([exe], {"LEAKGC_OPTIONS": options + "helper=" + bench.cwd + "/slow"}, timeout=40)
    with open(bench.cwd + "/scans", encoding="utf-8") as file:
        log = file.read()
    if result.status or result.stderr or "failure=given up" not in log:
        raise runner.Failure("a scan given up: status %d" % result.status, result.stderr + log)
    result = bench.run([exe], {"LEAKGC_OPTIONS": options + "symbolize=0"}, timeout=40)
    if result.status or result.stderr.count(NAMES) != 1 or "Direct leak of 77 byte" not in result.stderr:
        raise runner.Failure("no names: status %d" % result.status, result.stderr)
