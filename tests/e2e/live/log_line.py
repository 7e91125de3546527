# SPDX-License-Identifier: MIT
"""Every line of the scan log is key=value words; libleakgc(3) tells of each key."""

import os
import re

import runner

PROGRAM = """
#include "livetest.h"

int main(void)
{
    hidden_malloc(100);
    wait_scans(3);
    return 0;
}
"""


def test(bench):
    exe = bench.compile(PROGRAM)
    result = bench.run([exe], {"LEAKGC_OPTIONS": "interval=20ms:scan_log=scans:min_age=0"})
    if result.status != 0:
        raise runner.Failure("status %d" % result.status, result.stderr)
    with open(os.path.join(bench.cwd, "scans"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    with open(os.path.join(bench.project, "man", "libleakgc.3"), encoding="utf-8") as file:
        told = set(re.findall(r"^\.It Cm (\w+)", file.read(), re.MULTILINE))
    if len(lines) < 4 or not lines[-1].startswith("scan=%d pid=%d " % (len(lines), result.pid)):
        raise runner.Failure("scans are not numbered", "\n".join(lines))
    for line in lines:
        words = dict(word.split("=", 1) for word in line.split(" failure=")[0].split(" "))
        unknown = set(words) - told
        if unknown:
            raise runner.Failure("libleakgc(3) does not tell of %s" % ", ".join(sorted(unknown)), line)
        if line.endswith(" failure=given up, somebody waits for its end"):
            continue  # the program ended just then
        if words["result"] != "ok" or int(words["live_blocks"]) < 1 or words["lost_blocks"] != "1":
            raise runner.Failure("wrong numbers", line)
    if "cause=interval" not in lines[0] or "cause=exit" not in lines[-1]:
        raise runner.Failure("wrong causes", "\n".join(lines))
