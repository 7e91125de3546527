# SPDX-License-Identifier: MIT
"""Faults in files are told with their line, files that are none by name; the rest applies. And the files are read
before the program can change its folder."""

import os

import reports
import runner

PROGRAM = """
#include <stdlib.h>
#include <unistd.h>
__attribute__((noinline)) void lose_one(void) { char *volatile p = malloc(10); p = NULL; }
__attribute__((noinline)) void lose_other(void) { char *volatile p = malloc(20); p = NULL; }
int main(void) { unlink("good"); if (chdir("/")) return 1; lose_one(); lose_other(); return 0; }
"""

BAD = b"""# comment
race:what
{
   half
   Memcheck:Leak
   fun:
}
leak:lose_one
{
   open
   Memcheck:Leak
   fun:lose_other
"""

EXPECTED = ("bad:2: neither 'leak:PATTERN' nor '{'; ignored",
            "bad:6: not a frame (fun:, obj:, src:, ...); the suppression is ignored",
            "bad:12: the file ends inside of a suppression, which is ignored",
            "suppressions 'none' can't be read (ENOENT)",
            "suppressions 'folder' can't be read (EISDIR)")


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    os.mkdir(bench.cwd + "/folder")
    for name, text in (("bad", BAD), ("good", b"leak:lose_other"), ("noise", os.urandom(20000) + b"\n")):
        with open(bench.cwd + "/" + name, "wb") as file:
            file.write(text)
    result = bench.run([exe], {"LEAKGC_SUPPRESSIONS": "bad,none,,folder"})
    said = [line.split("leakgc: ", 1)[1] for line in result.stderr.splitlines() if "==leakgc: " in line]
    if tuple(said) != EXPECTED:
        raise runner.Failure("the lines about faults", result.stderr)
    totals = reports.parse_totals(result.stderr)
    if totals["definite"] != (20, 1) or totals["suppressed"] != (10, 1):
        raise runner.Failure("the rest applies", result.stderr)
    with open(bench.cwd + "/good", "wb") as file:
        file.write(b"leak:lose_other")
    totals = reports.parse_totals(bench.run([exe], {"LEAKGC_SUPPRESSIONS": "good"}).stderr)
    if totals["definite"] != (10, 1) or totals["suppressed"] != (20, 1):
        raise runner.Failure("read at the start", str(totals))
    result = bench.run([exe], {"LEAKGC_SUPPRESSIONS": "noise"})
    if result.status != 0 or reports.parse_totals(result.stderr)["definite"] != (30, 2):
        raise runner.Failure("noise does nothing", result.stderr[-3000:])
