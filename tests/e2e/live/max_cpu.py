# SPDX-License-Identifier: MIT
"""Scans by interval take no more of a processor than max_cpu says; a set interval alone is kept."""

import os
import re

import runner

PROGRAM = """
#include "livetest.h"

static void **first;

int main(int argc, char **argv)
{
    for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 300000); i++) {
        void **node = malloc(64);
        *node = first;
        first = node;
    }
    for (int ms = 0; ms < 3000; ms++) {
        usleep(1000);
        void *p = malloc(100);
        use(p);
        free(p);
    }
    return 0;
}
"""


def scans(bench, command, options):
    """For each scan by interval: when it began, and the processor time that it took, in milliseconds."""
    log = os.path.join(bench.cwd, "scans")
    if os.path.exists(log):
        os.remove(log)
    result = bench.run(command, {"LEAKGC_OPTIONS": "interval=50ms:scan_log=scans:" + options}, timeout=60)
    if result.status != 0:
        raise runner.Failure("status %d with %s" % (result.status, options), result.stderr)
    with open(log, encoding="utf-8") as file:
        found = re.findall(r"uptime_ms=(\d+) cause=interval .* cpu_us=(\d+)", file.read())
    return [(int(began), int(cpu) / 1000) for began, cpu in found], result.stderr


def check(limited, said, percent):
    spent = 0.0
    for number, (began, cpu) in enumerate(limited):
        if number and spent + limited[number - 1][1] > began * percent / 100 + 2 * number:  # whole ms
            raise runner.Failure("%.1f ms spent before %d ms, and the next" % (spent, began), str(limited))
        spent += cpu
    if "(max_cpu)" not in said:
        raise runner.Failure("it does not say so", said)


def sized(bench, exe, blocks, least_ms, options):
    """The command with so many blocks that a scan takes so long on this machine."""
    found, said = scans(bench, [exe, str(blocks)], options)
    while found[0][1] < least_ms and blocks < 100000000:
        blocks *= 4
        found, said = scans(bench, [exe, str(blocks)], options)
    return [exe, str(blocks)], found, said


def test(bench):
    exe = bench.compile(PROGRAM)
    command, free, _ = sized(bench, exe, 300000, 4, "verbose=0")  # more than two percent of three intervals
    if len(free) < 5:
        raise runner.Failure("%d scans without a limit" % len(free), str(free))
    for percent in (1, 2):
        limited, said = scans(bench, command, "verbose=1:full_each=1:max_cpu=%d" % percent)
        if not limited or len(limited) >= len(free):
            raise runner.Failure("%d scans with a limit, %d without" % (len(limited), len(free)), said)
        check(limited, said, percent)
    # Dear scans, each of which is full: nothing can be kept from one to the next.
    _, dear, said = sized(bench, exe, 4000000, 20, "verbose=1:max_cpu=10:snapshot=fork")
    check(dear, said, 10)
