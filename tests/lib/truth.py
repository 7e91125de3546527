# SPDX-License-Identifier: MIT
"""Owns: the programs of the ground-truth suite: reading, building, running, and judging a report.

A Truth is one file of tests/e2e/truth with what it states. judge() compares a process's report with
it; the runner and the comparison with other leak checkers (tests/e2e/truth/run, compare) share this.
"""

import glob
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile

import programs
import reports
import runner

FOLDER = os.path.join(runner.TESTS, "e2e", "truth")
CLASSES = ("allocate", "lose", "keep", "end")
COMPILERS = {"gcc": "g++", "clang": "clang++"}
LEVELS = ("-O0", "-O2")
STDOUTS = ("pipe", "file", "terminal")
LOST = ("definite", "indirect", "possible")


class Truth(programs.Source):
    """One program: EXPECT (and LIVE, where a search at the point finds something else), KEPT, GONE."""

    known = programs.DIRECTIVES + ("KEPT", "LIVE", "GONE")

    def __init__(self, path, build):
        super().__init__(path, os.path.relpath(os.path.splitext(path)[0], os.path.dirname(FOLDER)), build)
        self.kind = os.path.basename(os.path.dirname(path))
        self.expected = [Amounts(text) for text in self.all("EXPECT")]
        if not self.expected:
            raise ValueError(path + ": no EXPECT")
        self.live = [Amounts(text) for text in self.all("LIVE")] or self.expected
        kept = amounts(";".join(self.all("KEPT")))
        unknown = any(part[1] == "?" for part in kept)
        self.kept = ("?" if unknown else str(sum(int(part[1]) for part in kept)), sum(p[2] for p in kept))
        self.has_point = any("TRUTH_POINT()" in line for line in self.lines)
        self.has_control = any(word in line for line in self.lines for word in ("FORGET(", "GONE"))

    def control(self):
        """What must be lost when the place that keeps the blocks is cleared."""
        if self.all("GONE"):
            return [Amounts(self.one("GONE"))]
        return [Amounts("definite %s %d" % self.kept)]

    def program(self, compiler, level, control=False):
        name = COMPILERS[compiler] if self.path.endswith(".cpp") else compiler
        standard = " -std=c++17" if self.path.endswith(".cpp") else ""
        return programs.Program(self, level + standard + (" -DGONE" if control else ""), name)


class Amounts:
    """One EXPECT: nothing; no report; definite 10 1; indirect 8 1. `?`: as many bytes as it may be."""

    def __init__(self, text):
        self.text = text
        self.none = text == "no report"
        self.lost = {kind: ("0", 0) for kind in LOST}
        if text not in ("nothing", "no report"):
            for kind, nbytes, blocks in amounts(text):
                self.lost[kind] = (nbytes, blocks)

    def fits(self, totals):
        """totals: {kind: (bytes, blocks)}; kinds that are not in it are not compared."""
        return all(blocks == self.lost[kind][1] and self.lost[kind][0] in ("?", str(nbytes))
                   for kind, (nbytes, blocks) in totals.items())


def amounts(text):
    """[(kind, bytes as text, blocks)] of `kind bytes blocks; ...`; the kind may be left out."""
    found = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        words = part.split()
        kind = words[0] if len(words) == 3 else "reachable"
        if kind not in reports.KINDS:
            raise ValueError("no such kind: " + part)
        found.append((kind, words[-2], int(words[-1])))
    return found


def discover(build):
    paths = [path for kind in CLASSES for path in sorted(glob.glob(os.path.join(FOLDER, kind, "*.c*")))]
    return [Truth(path, build) for path in paths]


def compilers():
    return [name for name, cxx in COMPILERS.items() if shutil.which(name) and shutil.which(cxx)]


# ---------------------------------------------------------------- running


def execute(command, stdout, env, cwd, timeout=20):
    """As runner.execute, with stdout as a pipe, a file or a terminal."""
    with tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as file:
        if stdout == "terminal":
            ours, theirs = pty.openpty()
        elif stdout == "pipe":
            ours, theirs = os.pipe()
        else:
            ours, theirs = None, os.dup(file.fileno())
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=err,
                                       cwd=cwd, env=env, start_new_session=True)
            try:
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise runner.Failure("still running after %d s" % timeout) from None
            text = _drain(ours) if ours is not None else runner._text_of(file)
        finally:
            os.close(theirs)
            if ours is not None:
                os.close(ours)
        return runner.Result(status, text, runner._text_of(err), process.pid, 0)


def _drain(descriptor):
    """What is in a pipe or terminal now; the programs write little."""
    data = b""
    while select.select([descriptor], [], [], 0)[0]:
        more = os.read(descriptor, 65536)
        if not more:
            break
        data += more
    return data.decode(errors="replace").replace("\r\n", "\n")


# ---------------------------------------------------------------- judging leakgc


def judge_end(truth, expected, text, check_kept=True):
    """Raises Failure if the reports at the end, in a run with verbose=1 and kinds=all, are not the truth."""
    found = [r for r in reports.parse(text)[0] if "(scan " not in _heading(r)]
    wanted = [e for e in expected if not e.none]
    if "leakgc: watching" not in text:
        raise runner.Failure("the library was not there", text)
    _match(wanted, [_totals(report) for report in found], "at the end", text)
    if not check_kept:
        return
    # One site of the source can be several of the code, so only the sum of some records is certain.
    sums = {(0, 0)}
    for record in (r for report in found for r in report.records if r.kind == "reachable"):
        sums |= {(nbytes + record.bytes, blocks + record.blocks) for nbytes, blocks in sums}
    nbytes, blocks = truth.kept
    if not any(s[1] == blocks and nbytes in ("?", str(s[0])) for s in sums):
        raise runner.Failure("not still reachable: %s bytes in %d blocks" % (nbytes, blocks), text)


def judge_live(expected, text):
    """The same for the searches at the point: one for each process that came by. A search in mid-run tells
    of leaks only, so what is possibly lost is not compared."""
    live = [_leaks(_totals(r)) for r in reports.parse(text)[0] if "(scan " in _heading(r)]
    for line in text.splitlines():
        words = dict(word.split("=", 1) for word in line.split() if "=" in word)
        if words.get("cause") == "api" and words.get("result") != "ok":
            raise runner.Failure("the search at the point did not work", line)
        if words.get("cause") == "api" and words["lost_blocks"] == "0":
            live.append({"definite": (0, 0), "indirect": (0, 0)})
    _match([e for e in expected if not e.none], live, "at the point", text)


def _leaks(totals):
    return {kind: totals[kind] for kind in ("definite", "indirect")}


def _heading(report):
    return next(line for line in report.lines if line.startswith("==" + str(report.pid)))


def _totals(report):
    faults = [] if "(scan " in _heading(report) else report.faults()
    if faults:
        raise runner.Failure("; ".join(faults), "\n".join(report.lines))
    return {kind: report.amount(kind) for kind in LOST}


def _match(wanted, found, where, text):
    left = list(found)
    for expectation in wanted:
        fitting = [totals for totals in left if expectation.fits(totals)]
        if not fitting:
            raise runner.Failure("%s: expected %s, got %s" % (where, expectation.text, found), text)
        left.remove(fitting[0])
    if left:
        raise runner.Failure("%s: %d reports, expected %d" % (where, len(found), len(wanted)), text)


def wanted_status(truth):
    if truth.one("SIGNAL"):
        return -getattr(signal, "SIG" + re.sub("^SIG", "", truth.one("SIGNAL")))
    return int(truth.one("STATUS", "0"))
