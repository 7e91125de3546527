# SPDX-License-Identifier: MIT
"""Report files of a living program: one for each report, with the history of its sites and of the scans; then
that of the end, which has all."""

import json
import os
import subprocess

import reports
import runner

PROGRAM = """
#include "livetest.h"

int main(void)
{
    wait_scans(2);
    hidden_malloc(100);
    wait_scans(4);
    return 0;
}
"""


def show(bench, name, form):
    done = subprocess.run([os.path.join(bench.build, "leakgc"), "report", "--format", form, name], cwd=bench.cwd,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode or done.stderr:
        raise runner.Failure("leakgc report %s: status %d" % (name, done.returncode), done.stderr)
    return json.loads(done.stdout) if form == "json" else done.stdout


def test(bench):
    exe = bench.compile(PROGRAM)
    result = bench.run([exe], {"LEAKGC_OPTIONS": "interval=20ms:scan_log=scans:min_age=0:report=r.lgc"})
    files = sorted(name for name in os.listdir(bench.cwd) if name.startswith("r."))
    if result.status != 0 or result.stderr or files != ["r.2.lgc", "r.lgc"]:
        raise runner.Failure("status %d, files %s" % (result.status, files), result.stderr)
    live, last = show(bench, "r.lgc", "json"), show(bench, "r.2.lgc", "json")
    site = live["sites"][0]
    if not live["live"] or len(live["sites"]) != 1 or (site["bytes"], site["blocks"]) != (100, 1) or \
            live["cause"] != "interval" or live["scans"][-1]["scan"] != live["scan"] or \
            site["history"]["lost"]["scan"] >= live["scan"] or "told" in site["history"]:
        raise runner.Failure("the report of the living program", json.dumps(live, indent=1))
    numbers = [scan["scan"] for scan in last["scans"]]
    if last["live"] or last["cause"] != "exit" or numbers != list(range(1, len(numbers) + 1)) or \
            last["scans"][-1]["cause"] != "exit" or last["scans"][-2]["leaked"] != {"bytes": 100, "blocks": 1}:
        raise runner.Failure("the report of the end", json.dumps(last, indent=1))
    text = show(bench, "r.lgc", "text")
    found, _ = reports.parse(text)
    if len(found) != 1 or found[0].faults() or \
            " (scan %d: interval, " % live["scan"] not in text or "    the first was lost at scan %d (" % site["history"]["lost"]["scan"] not in text:
        raise runner.Failure("the text of the living program's report", text)
    if "the first was" in show(bench, "r.2.lgc", "text"):
        raise runner.Failure("the report of the end tells of scans, which the library's own does not")
