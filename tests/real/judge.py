# SPDX-License-Identifier: MIT
"""Judges what the library wrote during a preloaded pass: its reports, its log, its lines on stderr.

verbose=1 is set, so a process without leaks leaves a report too ("no leaks"): that a program was checked
at all can be proven. Judged are: the form of each report (tests/lib/reports.py); that each site is known
(harness.Leak) to be a true leak; that the programs of the case were checked; the lines of the log.
"""

import fnmatch
import re
from pathlib import Path
from typing import List, NamedTuple

import reports  # tests/lib


class Checked(NamedTuple):
    """What one process wrote."""

    program: str
    pid: str
    reports: List[reports.Report]
    others: List[str]  # lines that belong to no report


# Debian's libc6-dbg has relative compilation directories ("./csu/../sysdeps/..."): nothing to join them with.
RELATIVE_FILE = re.compile(r"^(    #\d+ 0x[0-9a-f]+ in .*) (\./\S+)$", re.MULTILINE)


def collect(directory):
    """The processes of a pass; their files are named PROGRAM.PID."""
    found = []
    for path in sorted(Path(directory).iterdir()):
        program, _, pid = path.name.rpartition(".")
        text = RELATIVE_FILE.sub(r"\1 /\2", path.read_text(errors="backslashreplace"))
        found.append(Checked(program, pid, *reports.parse(text)))
    return found


def frame_text(frame):
    return f"{frame.function or ''} {frame.file or frame.module or ''}"


def matches(leak, program, record):
    """Whether the known leak covers the record."""
    if not fnmatch.fnmatchcase(program, leak.program) or record.kind not in leak.kinds:
        return False
    frames = (frame_text(frame) for frame in record.frames)
    return all(any(fnmatch.fnmatchcase(text, glob) for text in frames) for glob in leak.stack)


def record_text(record):
    frames = [
        f"    #{f.number} {frame_text(f).strip()}" + (f":{f.line}" if f.line else f"+{f.offset:#x}")
        for f in record.frames
    ]
    return "\n".join([f"{record.kind}: {record.bytes} bytes in {record.blocks} blocks", *frames])


def faults_of_sites(process, report, case):
    """(what, detail) of the sites that are not known, or lose more than is known."""
    lost = {}
    for record in report.records:
        known = next((k for k in case.leaks if matches(k, process.program, record)), None)
        if known is None:
            yield "an unknown leak", record_text(record)
            continue
        lost[known] = lost.get(known, 0) + record.bytes
        if known.most_bytes is not None and lost[known] > known.most_bytes:
            what = f"{lost[known]} bytes at {known.stack}, where at most {known.most_bytes} are known"
            yield what, record_text(record)


def faults_of_reports(processes, case):
    """(what, detail) of everything that is wrong with the reports."""
    for process in processes:
        where = f"report of {process.program}[{process.pid}]"
        if process.others:
            yield f"{where}: lines that are not a report's", "\n".join(process.others[:10])
        for report in process.reports:
            if report.faults():
                yield f"{where}: {'; '.join(report.faults())}", "\n".join(report.lines)
            for what, detail in faults_of_sites(process, report, case):
                yield f"{where}: {what}", detail
    for glob in case.checked:
        if not any(fnmatch.fnmatchcase(p.program, glob) and p.reports for p in processes):
            yield f"{glob} was not checked at its exit: there is no report of it", ""
    for glob in case.unwatched:
        for process in processes:
            if fnmatch.fnmatchcase(process.program, glob) and process.reports:
                yield f"{process.program} has its own malloc, and is reported on all the same", ""
    for leak in case.leaks:
        found = (
            matches(leak, process.program, record)
            for process in processes
            for report in process.reports
            for record in report.records
        )
        if leak.must and not any(found):
            yield f"a leak of {leak.program} that must be found is not: {leak.stack}, {leak.kinds}", ""


LIBRARY_LINE = re.compile(r"^.*\bleakgc: .*$", re.MULTILINE)
TROUBLE = re.compile(r"internal|double free|invalid free|unknown option|using \S+$|incomplete")


def faults_of_log(texts, expected):
    """(what, detail) of the library's lines in logs and on stderr: the one that the case expects, exactly
    once; and none that speaks of trouble."""
    lines = [line for text in texts for line in LIBRARY_LINE.findall(text)]
    if expected is not None:
        count = sum(bool(re.search(expected, line)) for line in lines)
        if count != 1:
            yield f"{count} lines of the library match {expected!r} instead of 1", "\n".join(lines)
    for text in texts:
        trouble = [line for line in LIBRARY_LINE.findall(text) if TROUBLE.search(line)]
        if trouble:
            yield f"the library says: {trouble[0]}", text[text.index(trouble[0]) :][:3000]
