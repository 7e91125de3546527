# SPDX-License-Identifier: MIT
"""A program may be linked with the library instead of preloading it: the functions are there without a look
whether they are, and what the program defines for the library is exported by itself."""

import os

import reports
import runner

TEXT = r"""
#include <leakgc.h>
#include <stdlib.h>
const char *__lsan_default_options(void) { return "exitcode=9"; }
static __attribute__((noinline)) void lose(void) { __asm__ volatile("" : : "r"(malloc(10)) : "memory"); }
int main(void)
{
    leakgc_disable();
    lose();
    leakgc_enable();
    if (leakgc_scan() != 0)
        return 1;
    lose();
    return 0;
}
"""


def test(bench):
    folder = os.path.dirname(bench.library)
    exe = bench.compile(TEXT, "-O1 -g -I %s -L %s -Wl,--no-as-needed -l:libleakgc.so -Wl,-rpath,%s"
                        % (os.path.join(bench.project, "preload"), folder, folder))
    result = bench.run([exe], preload=False)
    found, _ = reports.parse(result.stderr)
    if result.status != 9 or len(found) != 1 or found[0].amount("definite") != (10, 1):
        raise runner.Failure("status %d" % result.status, result.stdout + result.stderr)
    quiet = bench.run([exe], preload=False, env={"LEAKGC_EXITCODE": "0"})
    if quiet.status != 0:
        raise runner.Failure("LEAKGC_EXITCODE=0 does not win: status %d" % quiet.status, quiet.stderr)
