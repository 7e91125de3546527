# SPDX-License-Identifier: MIT
"""Owns: reading leakgc's text reports back.

parse(text) cuts a program's stderr into reports and the remaining lines.
Report.faults() checks what must hold for every report, whatever the program:
frames are numbered, no frame is ours, records are ordered, the totals are the
sums. normalize() replaces what differs from run to run, so that two reports can
be compared as plain text.

Valgrind prints the same summary lines, so parse_totals() reads its reports too.
"""

import os
import re

KINDS = ("definite", "indirect", "possible", "reachable", "suppressed")

TITLES = {
    "Direct leak": "definite",
    "Indirect leak": "indirect",
    "Possible leak": "possible",
    "Still reachable": "reachable",
}

TOTAL_LABELS = {
    "definitely lost": "definite",
    "indirectly lost": "indirect",
    "possibly lost": "possible",
    "still reachable": "reachable",
    "suppressed": "suppressed",
}

# Functions of the C runtime that stand below the program's first own frame.
RUNTIME_FUNCTIONS = ("_start", "__libc_start", "__libc_init", "start_thread", "clone", "__clone",
                     "__GI___clone", "__GI___libc_start", "call_init", "_dl_init", "_dl_start",
                     "generic_start_main")

_BAR = re.compile(r"^=+$")
_OPENING = re.compile(r"^==(\d+)==(ERROR: leakgc: detected memory leaks(?: \(scan [^)]*\))?|leakgc: no leaks(?:, .*)?)$")
_TITLE = re.compile(r"^(Direct leak of|Indirect leak of|Possible leak of|Still reachable:) "
                    r"(\d+) byte\(s\) in (\d+) object\(s\) allocated from:$")
_FRAME = re.compile(r"^    #(\d+) 0x([0-9a-f]+)(.*)$")
_IN_MODULE = re.compile(r"^(?: in (?P<function>.+?))? \((?P<module>\S.*)\+0x(?P<offset>[0-9a-f]+)\)$")
_IN_FILE = re.compile(r"^ in (?P<function>.+?) (?P<file>\.{0,2}/.*?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?$")
_SUMMARY = re.compile(r"^SUMMARY: leakgc: (\d+) byte\(s\) leaked in (\d+) allocation\(s\)\.$")
_TOTAL = re.compile(r"^==(\d+)==\s+([a-z ]+): ([\d,]+) bytes in ([\d,]+) blocks$")


class Frame:
    def __init__(self, number, address, rest):
        self.number = number
        self.address = address
        match = _IN_MODULE.match(rest) or _IN_FILE.match(rest)
        fields = match.groupdict() if match else {}
        self.understood = match is not None
        self.function = fields.get("function")
        self.file = fields.get("file")
        self.line = int(fields["line"]) if fields.get("line") else 0
        self.column = int(fields["column"]) if fields.get("column") else 0
        self.module = fields.get("module")
        self.offset = int(fields["offset"], 16) if fields.get("offset") else 0

    def is_runtime(self):
        """Whether this is the C library's code that calls main or a thread's start routine."""
        if self.function:
            return self.function.startswith(RUNTIME_FUNCTIONS)
        return bool(self.module) and os.path.basename(self.module).startswith(
            ("libc.so", "libc-2", "libpthread", "ld-linux"))


class Record:
    def __init__(self, kind, nbytes, blocks):
        self.kind = kind
        self.bytes = nbytes
        self.blocks = blocks
        self.frames = []

    def first_line_in(self, path):
        """The line of the innermost frame that stands in the source file `path`, or 0."""
        for frame in self.frames:
            if frame.file == path:
                return frame.line
        return 0


class Report:
    def __init__(self, pid, has_leaks):
        self.pid = pid
        self.has_leaks = has_leaks
        self.records = []
        self.summary = None
        self.totals = {}
        self.lines = []

    def amount(self, kind):
        return self.totals.get(kind, (0, 0))

    def faults(self, complete=True):
        """What is wrong with this report by itself. `complete`: no option hides records."""
        found = []
        if len(self.totals) != len(KINDS):
            found.append("the summary has %d of %d kinds" % (len(self.totals), len(KINDS)))
        if self.has_leaks and self.summary is None:
            found.append("no SUMMARY line")
        order = [(KINDS.index(r.kind), -r.bytes) for r in self.records]
        if order != sorted(order):
            found.append("records are not sorted by kind, then bytes")
        for record in self.records:
            if not record.frames:
                found.append("a record without a stack")
            for number, frame in enumerate(record.frames):
                if frame.number != number:
                    found.append("frame #%d stands at place %d" % (frame.number, number))
                if not frame.understood:
                    found.append("frame #%d can't be read" % frame.number)
                if "libleakgc" in (frame.module or ""):
                    found.append("a frame of libleakgc itself")
        if complete:
            for kind in sorted({r.kind for r in self.records} | {"definite", "indirect"}):
                mine = [r for r in self.records if r.kind == kind]
                total = (sum(r.bytes for r in mine), sum(r.blocks for r in mine))
                if (self.has_leaks or mine) and total != self.amount(kind):
                    found.append("%s: records sum up to %s, the summary says %s"
                                 % (kind, total, self.amount(kind)))
            if self.summary is not None and self.summary < tuple(
                    a + b for a, b in zip(self.amount("definite"), self.amount("indirect"))):
                found.append("the SUMMARY line counts less than definite + indirect")
        return sorted(set(found))


def parse_totals(text):
    """{kind: (bytes, blocks)} of the last leak summary in `text`; also reads Valgrind's."""
    totals = {}
    for line in text.splitlines():
        match = _TOTAL.match(line)
        if match and match.group(2) in TOTAL_LABELS:
            totals[TOTAL_LABELS[match.group(2)]] = (
                int(match.group(3).replace(",", "")), int(match.group(4).replace(",", "")))
    return totals


def parse(text):
    """(reports, other_lines) of a program's stderr or of a report file."""
    reports, others, pending = [], [], []
    report = None
    for line in text.splitlines():
        opening = _OPENING.match(line)
        if opening:
            report = Report(int(opening.group(1)), opening.group(2).startswith("ERROR"))
            report.lines = pending + [line]
            reports.append(report)
            pending = []
        elif report is None:
            if line == "" or _BAR.match(line):
                pending.append(line)
            else:
                others += pending + [line]
                pending = []
        else:
            report.lines.append(line)
            if _take_line(report, line):
                report = None
    return reports, others + pending


def _take_line(report, line):
    """Adds one line to an open report; true if it was the last one."""
    match = _TITLE.match(line)
    if match:
        kind = TITLES[match.group(1).replace(" of", "").rstrip(":")]
        report.records.append(Record(kind, int(match.group(2)), int(match.group(3))))
        return False
    match = _FRAME.match(line)
    if match and report.records:
        report.records[-1].frames.append(
            Frame(int(match.group(1)), int(match.group(2), 16), match.group(3)))
        return False
    match = _SUMMARY.match(line)
    if match:
        report.summary = (int(match.group(1)), int(match.group(2)))
        return False
    match = _TOTAL.match(line)
    if match and match.group(2) in TOTAL_LABELS:
        report.totals[TOTAL_LABELS[match.group(2)]] = (
            int(match.group(3).replace(",", "")), int(match.group(4).replace(",", "")))
        return match.group(2) == "suppressed"
    return False


def normalize(text, names):
    """`text` with what differs between runs replaced.

    names: [(value, placeholder)], for example [("/home/me/a.c", "{FILE}")].
    Addresses become 0x.., columns vanish, `==123==` becomes `==PID==`, and a run of
    the C runtime's frames becomes one line `    ...`.
    """
    lines = []
    for line in text.splitlines():
        match = _FRAME.match(line)
        if match and Frame(0, 0, match.group(3)).is_runtime():
            if not lines or lines[-1] != "    ...":
                lines.append("    ...")
            continue
        line = re.sub(r"^==\d+==", "==PID==", line)
        for value, placeholder in names:
            line = line.replace(value, placeholder)
        line = re.sub(r"\b0x[0-9a-f]+", "0x..", line)
        line = re.sub(r"(:\d+):\d+$", r"\1", line)
        lines.append(line.rstrip())
    return "\n".join(lines)
