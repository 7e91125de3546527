# SPDX-License-Identifier: MIT
"""Owns: what the lines of the verify build mean, and when a run of a program has passed.

    ==PID==leakgc: verify: stack differs at frame K of N: 0xOURS, libunwind 0xTHEIRS of N; called from 0xPC
    ==PID==leakgc: verify: N captures, N cached, N joined, N walked, N by libunwind, N not compared; N differences

A process writes the second line when it ends by exit (not by _exit), and the first for its first differences.
Not compared are stacks from before libunwind was opened (constructors of other libraries), of threads whose
own stack is too small for it, and of frames that it can't unwind.
"""

import operator
import re

from runner import Failure  # tests/lib

COUNTS = ("captures", "cached", "joined", "walked", "libunwind", "uncompared", "differences")
SUMMARY = re.compile(r"==(\d+)==leakgc: verify: (\d+) captures, (\d+) cached, (\d+) joined, "
                     r"(\d+) walked, (\d+) by libunwind, (\d+) not compared; (\d+) differences")
DIFFERENCE = re.compile(r"==(\d+)==leakgc: verify: stack differs at frame (\d+) of (\d+): "
                        r"(0x[0-9a-f]+|0), libunwind (0x[0-9a-f]+|0) of \d+; called from (0x[0-9a-f]+|0)")
VERIFY_LINE = re.compile(r"^.*leakgc: verify: .*$", re.MULTILINE)
OPERATORS = {">": operator.gt, "<": operator.lt, "=": operator.eq}


class Verdict:
    """The verify lines of one run: the sums over its processes, and the differences."""

    def __init__(self, text):
        self.processes = 0
        self.counts = dict.fromkeys(COUNTS, 0)
        self.differences = []
        self.summaries = []
        self.unreadable = []
        for line in VERIFY_LINE.findall(text):
            summary = SUMMARY.fullmatch(line)
            if summary:
                self.processes += 1
                self.summaries.append(line)
                for name, value in zip(COUNTS, summary.groups()[1:]):
                    self.counts[name] += int(value)
            elif DIFFERENCE.fullmatch(line):
                self.differences.append(line)
            else:
                self.unreadable.append(line)

    def text(self):
        return ", ".join("%d %s" % (self.counts[name], name) for name in COUNTS)

    def require(self, captures=1, processes=1, uses=(), uncompared=0.1):
        """Raises Failure unless all stacks were compared and equal; but for this share."""
        detail = "\n".join(self.differences[:20] + self.summaries[:20]
                           + ["in %d processes: %s" % (self.processes, self.text())])
        if self.unreadable:
            raise Failure("a line can't be read", "\n".join(self.unreadable))
        if self.differences or self.counts["differences"]:
            raise Failure("%d stacks differ" % max(self.counts["differences"], len(self.differences)), detail)
        if self.processes < processes:
            raise Failure("%d processes told what they compared, not %d" % (self.processes, processes), detail)
        if self.counts["captures"] < captures:
            raise Failure("only %d captures, not %d" % (self.counts["captures"], captures), detail)
        if self.counts["uncompared"] > uncompared * self.counts["captures"]:
            raise Failure("too many stacks were not compared", detail)
        for condition in uses:
            name, sign, number = condition_of(condition)
            if not OPERATORS[sign](self.counts[name], number):
                raise Failure("not so: %s" % condition, detail)

    def require_differences(self):
        """The negative control: Failure unless the comparison found a difference and told it twice."""
        if not self.differences or not self.counts["differences"]:
            raise Failure("a rule was made wrong, and no difference was told", self.text())


def condition_of(text):
    """'walked>10' -> ('walked', '>', 10)"""
    match = re.fullmatch(r"(\w+)([<>=])(\d+)", text)
    if not match or match.group(1) not in COUNTS:
        raise ValueError("no such condition: " + text)
    return match.group(1), match.group(2), int(match.group(3))
