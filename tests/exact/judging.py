# SPDX-License-Identifier: MIT
"""Owns: the control of verdict.py, by logs written by hand. Each text but the first must fail."""

import runner  # tests/lib
import verdict

GOOD = ("==7==leakgc: verify: 9 captures, 4 cached, 2 joined, 2 walked, 1 by libunwind, 0 not compared; "
        "0 differences\n")
DIFFERENT = ("==7==leakgc: verify: stack differs at frame 1 of 5: 0x10, libunwind 0x20 of 6; "
             "called from 0x30\n")

BAD = {
    "silence": ("", {}),
    "another library": ("==7==leakgc: no leaks\n", {}),
    "summary tells a difference": (GOOD.replace("; 0 diff", "; 1 diff"), {}),
    "a difference, then killed": (DIFFERENT, {}),
    "a difference that is not counted": (DIFFERENT + GOOD, {}),
    "a line that can't be read": (GOOD + "==7==leakgc: verify: 9 surprises\n", {}),
    "most were not compared": (GOOD.replace("0 not", "5 not"), {}),
    "too few captures": (GOOD, {"captures": 10}),
    "a process is missing": (GOOD, {"processes": 2}),
    "not the path meant": (GOOD, {"uses": ["walked>2"]}),
    "libunwind was asked": (GOOD, {"uses": ["libunwind=0"]}),
}


class Judging:
    def __init__(self, name, text, wanted, passes):
        self.name = "judging/" + name
        self._text, self._wanted, self._passes = text, wanted, passes

    def run(self):
        try:
            verdict.Verdict(self._text).require(**self._wanted)
        except runner.Failure:
            if self._passes:
                raise
            return
        if not self._passes:
            raise runner.Failure("a bad log passes", self._text)


class Control:
    """require_differences() must refuse a log that tells none, or tells them only once."""

    name = "judging/the negative control"

    def run(self):
        for text in (GOOD, DIFFERENT + GOOD, GOOD.replace("; 0 diff", "; 1 diff")):
            try:
                verdict.Verdict(text).require_differences()
            except runner.Failure:
                continue
            raise runner.Failure("a control passes", text)


def cases():
    good = {"captures": 18, "processes": 2, "uses": ["cached>7", "walked=4", "libunwind<3"]}
    return ([Judging("good", GOOD + GOOD, good, True), Control()]
            + [Judging(name, text, wanted, False) for name, (text, wanted) in BAD.items()])
