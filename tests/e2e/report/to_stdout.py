# SPDX-License-Identifier: MIT
"""report=stdout: the report stands in stdout, nothing in stderr; with a pipe, too."""

import reports
import runner

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static void work(void)
{
    char *volatile p = malloc(10);
    p = NULL;
}

int main(void)
{
    work();
    puts("the program's own line");
    return 0;
}
"""


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    for command in ([exe], ["sh", "-c", "LD_PRELOAD=%s '%s' | cat" % (bench.library, exe)]):
        result = bench.run(command, {"LEAKGC_OPTIONS": "report=stdout"}, preload=len(command) == 1)
        found, others = reports.parse(result.stdout)
        if result.stderr or len(found) != 1 or found[0].amount("definite") != (10, 1) or found[0].faults():
            raise runner.Failure("wrong report", result.stdout + result.stderr)
        if others != ["the program's own line"]:
            raise runner.Failure("the program's own output differs", "\n".join(others))
