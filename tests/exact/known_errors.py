# SPDX-License-Identifier: MIT
"""Owns: the differences that are libunwind's errors, not ours. Each was shown to be one by hand, with the
program's disassembly and its unwind information; the reason says how.

A difference that is not listed is a failure. One that is listed is taken off the log, and off the counts.
"""

import fnmatch
import re
from typing import NamedTuple


class Known(NamedTuple):
    case: str  # glob: name of the case
    line: str  # regular expression: the whole line of the difference
    reason: str


KNOWN = ()


def without_known(case, log):
    """The log without the differences that are known."""
    kept, gone = [], {}
    entries = [k for k in KNOWN if fnmatch.fnmatchcase(case, k.case)]
    for line in log.splitlines(keepends=True):
        if any(re.fullmatch(k.line, line.rstrip()) for k in entries):
            pid = line.split("==")[1]
            gone[pid] = gone.get(pid, 0) + 1
            continue
        kept.append(line)
    return "".join(_lower(line, gone) for line in kept)


def _lower(line, gone):
    """A summary's count of differences, less those taken off."""
    match = re.fullmatch(r"(==(\d+)==leakgc: verify: .*; )(\d+)( differences\n?)", line)
    if not match or match.group(2) not in gone:
        return line
    return match.group(1) + str(max(0, int(match.group(3)) - gone[match.group(2)])) + match.group(4)
