# SPDX-License-Identifier: MIT
"""report=FILE.lgc: one file for each report, whole or not there, nothing on stderr, the same exit status; a name
that exists is not taken again."""

import os
import subprocess

import reports
import runner

PROGRAM = """
#include "leaktest.h"
#include <sys/wait.h>

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1 && fork() == 0)
        use(malloc(200));
    else if (argc < 3)
        use(malloc(100));
    while (wait(NULL) > 0)
        ;
    return 0;
}
"""


def show(bench, path):
    """What the command makes of it: definitely lost bytes and blocks."""
    done = subprocess.run([os.path.join(bench.build, "leakgc"), "report", path], cwd=bench.cwd, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True)
    totals = reports.parse_totals(done.stdout)
    if done.returncode or done.stderr or not totals:
        raise runner.Failure("leakgc report: status %d" % done.returncode, done.stderr + done.stdout)
    found, _ = reports.parse(done.stdout)
    if found and found[0].faults():
        raise runner.Failure("the report is faulty", done.stdout)
    return totals["definite"]


def expect(bench, exe, arguments, options, files, status=0, stderr=""):
    """files: name -> definitely lost bytes and blocks."""
    with os.scandir(bench.cwd) as entries:
        for entry in entries:
            if "lgc" in entry.name:
                os.remove(entry.path)
    result = bench.run([exe] + arguments, {"LEAKGC_OPTIONS": options})
    said = result.stderr.replace(str(result.pid), "PID").replace(bench.cwd, "CWD")
    if result.status != status or said != stderr:
        raise runner.Failure("%s: status %d" % (options, result.status), result.stderr)
    found = {name.replace(str(result.pid), "PID"): show(bench, name)
             for name in os.listdir(bench.cwd) if "lgc" in name}
    if found != files:
        raise runner.Failure("%s: files %s, expected %s" % (options, found, files))


def test(bench):
    exe = bench.compile(PROGRAM)
    name = os.path.basename(exe)
    expect(bench, exe, [], "report=a.lgc", {"a.lgc": (100, 1)})
    expect(bench, exe, [], "report=a.lgc:exitcode=7", {"a.lgc": (100, 1)}, status=7)
    expect(bench, exe, [], "report=a.lgc:exitcode=7:kinds=possible", {"a.lgc": (100, 1)})
    expect(bench, exe, [], "report=a.lgc:exitcode=7:min_bytes=101", {"a.lgc": (100, 1)})
    expect(bench, exe, [], "report=a.%p.x:format=lgc", {})  # no suffix, and another name than those looked at
    with open(os.path.join(bench.cwd, [n for n in os.listdir(bench.cwd) if n.endswith(".x")][0]), "rb") as file:
        if file.read(8) != b"\x89LGC\r\n\x1a\n":
            raise runner.Failure("format=lgc writes no report file")
    expect(bench, exe, ["1", "2"], "report=a.lgc", {"a.lgc": (200, 1), "a.2.lgc": (0, 0)})
    expect(bench, exe, [], "format=lgc", {"leakgc.%s.PID.lgc" % name: (100, 1)},
           stderr="==PID==leakgc: the report is in CWD/leakgc.%s.PID.lgc\n" % name)
    result = bench.run([exe], {"LEAKGC_OPTIONS": "report=/nowhere/a.lgc"})
    found, others = reports.parse(result.stderr)
    if len(found) != 1 or found[0].amount("definite") != (100, 1) or \
            "report file '/nowhere/a.lgc' can't be written (ENOENT)" not in result.stderr:
        raise runner.Failure("a folder that is not there: no text in its place", result.stderr)
    twice = bench.compile('#include "leaktest.h"\nint main(void) { void *p = malloc(1); use(p); free(p); use(p); free(p); }',
                          "-O0 -w", "twice.c")
    result = bench.run([twice], {"LEAKGC_OPTIONS": "report=c.lgc"})
    if "ERROR: leakgc: double free" not in result.stderr or os.path.exists(os.path.join(bench.cwd, "c.lgc")):
        raise runner.Failure("a double free is not told as text on stderr", result.stderr)
    text = bench.run([exe], {"LEAKGC_OPTIONS": "report=b.lgc:format=text"})
    with open(os.path.join(bench.cwd, "b.lgc"), encoding="utf-8") as file:
        if text.stderr or reports.parse_totals(file.read())["definite"] != (100, 1):
            raise runner.Failure("format=text with the suffix .lgc", text.stderr)
