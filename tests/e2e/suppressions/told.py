# SPDX-License-Identifier: MIT
"""What is told: nothing if nothing is left; those used, after a report; those never used, on request; one line if names
are missing."""

import runner

PROGRAM = """
#include <stdlib.h>
__attribute__((noinline)) void lose_one(void) { char *volatile p = malloc(10); p = NULL; }
__attribute__((noinline)) void lose_other(void) { char *volatile p = malloc(20); p = NULL; }
int main(int argc, char **argv) { (void)argv; lose_one(); if (argc > 1) lose_other(); return 0; }
"""

USED = "Suppressions used:\n  count      bytes template\n      1         10 leak:lose_one\n"
UNUSED = "leakgc: suppression not used: leak:nothing_like_it (supp:2)\n"
NAMES = "leakgc: no names from the helper (%s): suppressions are compared with those of dynamic symbols\n"


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    exported = bench.compile(PROGRAM, "-O0 -rdynamic", "exported.c")
    with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
        file.write("leak:lose_one\nleak:nothing_like_it\n")

    def case(command, options, has, lacks):
        result = bench.run(command, {"LEAKGC_OPTIONS": "suppressions=supp" + options})
        for text in has:
            if text not in result.stderr:
                raise runner.Failure("%s %s: %r is missing" % (command, options, text), result.stderr)
        for text in lacks:
            if text in result.stderr:
                raise runner.Failure("%s %s: %r is there" % (command, options, text), result.stderr)
        return result.stderr

    if case([exe], "", (), ()):
        raise runner.Failure("nothing is left, nothing is said")
    case([exe, "x"], "", (USED,), (UNUSED,))
    case([exe, "x"], ":print_suppressions=0", ("20 byte(s) in 1 object(s)",), (USED, UNUSED))
    case([exe, "x"], ":print_suppressions=2", (USED, UNUSED), ())
    case([exe], ":verbose=1", ("leakgc: no leaks", USED, UNUSED, "suppressed: 10 bytes in 1 blocks"), ())
    case([exe], ":symbolize=0", (NAMES % "symbolize=0", "Direct leak of 10 byte"), ())
    if case([exported], ":symbolize=0", (NAMES % "symbolize=0",), ()).count("\n") != 1:
        raise runner.Failure("dynamic symbols are compared")
    if case([exported], ":helper=/no/such", (NAMES % "ENOENT",), ()).count("\n") != 1:
        raise runner.Failure("dynamic symbols are compared")
