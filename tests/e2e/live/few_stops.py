# SPDX-License-Identifier: MIT
"""The program stands still as a whole only for what is not known yet: a block that may be lost.

Threads are looked at one after the other; here there are two, and so two stops. One more is made where a block is
left that nothing leads to, until it is a known leak, or a suppressed one.
"""

import os
import re

import runner

PROGRAM = """
#include "livetest.h"
#include <pthread.h>

static void *volatile kept;

static void *wait_for_ever(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static NOINLINE void lose(size_t bytes)
{
    hidden_malloc(bytes);
    clobber();
}

int main(int argc, char **argv)
{
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_ever, NULL);
    kept = malloc(100);
    if (argc > 1)
        lose(1000);
    wait_scans(5);
    if (argc > 2)
        lose(2000);
    wait_scans(5);
    return argv[0] == NULL;
}
"""


def scans(bench, exe, arguments, more):
    log = os.path.join(bench.cwd, "scans")
    if os.path.exists(log):
        os.remove(log)
    options = "interval=30ms:scan_log=scans:min_age=0:snapshot=concurrent:max_pause=100ms" + more
    result = bench.run([exe] + arguments, {"LEAKGC_OPTIONS": options})
    if result.status != 0:
        raise runner.Failure("status %d" % result.status, result.stderr)
    with open(log, encoding="utf-8") as file:
        lines = [line for line in file if " cause=interval " in line and " result=ok " in line]
    if not lines or any(" method=concurrent " not in line for line in lines):
        raise runner.Failure("scans by another method", "".join(lines))
    return lines


def stops(bench, exe, arguments, more=""):
    """Of each scan by interval: blocks lost, and how many times threads were stopped. Where a thread was slow to answer,
    the scan is tried again, and stops are counted anew: such a run is made again, but not for ever."""
    for _ in range(5):
        lines = scans(bench, exe, arguments, more)
        if all(" tries=0 " in line for line in lines):
            break
    pick = [re.search(r" stops=(\d+) .* lost_blocks=(\d+)", line).groups() for line in lines]
    return [(int(lost), int(stops)) for stops, lost in pick]


def test(bench):
    exe = bench.compile(PROGRAM)
    nothing = stops(bench, exe, [])
    if len(nothing) < 8 or any(found != (0, 2) for found in nothing[1:]):  # the first one may meet the start
        raise runner.Failure("nothing is lost", str(nothing))
    one = stops(bench, exe, ["one"])
    if one[1:3] != [(1, 3), (1, 2)] and one[:3] != [(1, 3), (1, 3), (1, 2)]:
        raise runner.Failure("a leak that becomes known", str(one))
    if any(found != (1, 2) for found in one[3:]):
        raise runner.Failure("a known leak", str(one))
    two = stops(bench, exe, ["one", "two"])
    late = [count for lost, count in two if lost == 2]
    if late[:2] != [3, 3] or set(late[2:]) != {2} or (1, 2) not in two:
        raise runner.Failure("another leak beside a known one", str(two))
    with open(os.path.join(bench.cwd, "suppressions"), "w", encoding="utf-8") as file:
        file.write("leak:lose\n")
    quiet = stops(bench, exe, ["one"], ":suppressions=suppressions")
    if quiet[0] != (0, 3) or any(found != (0, 2) for found in quiet[1:]):
        raise runner.Failure("a suppressed leak", str(quiet))
