# SPDX-License-Identifier: MIT
"""Programs compiled by clang, where there is one: the same site, at every level."""

import shutil

import reports
import runner

PROGRAM = """
#include <stdlib.h>
#include <stdio.h>

static __attribute__((noinline)) void work(void)
{
    char *ptr1 = (char *)malloc(10);
    char *volatile ptr2 = (char *)malloc(10);
    ptr2 = ptr1;
    free(ptr1);
}

int main(void)
{
    work();
    puts("done");
    return 0;
}
"""


def test(bench):
    clang = shutil.which("clang")
    if not clang:
        raise runner.Skip("clang is not installed")
    for flags in ("-O0 -g", "-O2 -g -fno-builtin", "-O2 -gdwarf-4 -fno-builtin", "-Os -g -fno-builtin"):
        exe = bench.compile(PROGRAM, flags, compiled_by=clang)
        result = bench.run([exe])
        found, others = reports.parse(result.stderr)
        if others or len(found) != 1 or found[0].amount("definite") != (10, 1) or found[0].faults():
            raise runner.Failure("wrong report with " + flags, result.stderr)
        frame = found[0].records[0].frames[0]
        if frame.function != "work" or frame.line != 8:
            raise runner.Failure("wrong site with " + flags, result.stderr)
