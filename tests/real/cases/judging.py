# SPDX-License-Identifier: MIT
"""The control of the judge: reports and logs written by hand, good ones and one for each fault that it has to
see; and of README.md, whose table of known leaks must be the cases' own. Runs no program."""

from pathlib import Path

import judge
import table
from harness import CASES, Case, Failure, Leak, case

TAIL = """==7==
==7==LEAK SUMMARY:
==7==   definitely lost: {0} bytes in 1 blocks
==7==   indirectly lost: 0 bytes in 0 blocks
==7==     possibly lost: 0 bytes in 0 blocks
==7==   still reachable: 1,024 bytes in 1 blocks
==7==        suppressed: 0 bytes in 0 blocks
"""
CLEAN = "==7==leakgc: no leaks\n" + TAIL.format(0).replace("0 bytes in 1 blocks", "0 bytes in 0 blocks", 1)
LEAKY = """
=================================================================
==7==ERROR: leakgc: detected memory leaks

Direct leak of 10 byte(s) in 1 object(s) allocated from:
    #0 0x55d0c0de1234 in make_name (/usr/bin/tool+0x1234)
    #1 0x55d0c0de1240 in main /src/tool.c:6:18
    #2 0x7f0000001234 in __libc_start_main (/lib/libc.so.6+0x27249)

SUMMARY: leakgc: 10 byte(s) leaked in 1 allocation(s).
""" + TAIL.format(10)

KNOWN = Leak("tool", ("make_name *tool", "main *tool.c"), "a test", must=True)


def verdict(text, program="tool", leaks=(), checked=(), unwatched=()):
    reports, others = judge.reports.parse(text)
    processes = [judge.Checked(program, "7", reports, others)]
    tested = Case("", None, {}, tuple(checked), tuple(leaks), None, tuple(unwatched))
    return " + ".join(what for what, _ in judge.faults_of_reports(processes, tested))


def log_verdict(texts, expected):
    return " + ".join(what for what, _ in judge.faults_of_log(texts, expected))


# what is judged, and a part of what has to be said of it ("" = nothing)
TABLE = [
    (verdict(CLEAN), ""),
    (verdict(CLEAN, checked=["too*"]), ""),
    (verdict(LEAKY, leaks=[KNOWN], checked=["tool"]), ""),
    (verdict(LEAKY, leaks=[KNOWN._replace(most_bytes=10)]), ""),
    (verdict(LEAKY, leaks=[KNOWN._replace(most_bytes=9)]), "at most 9"),
    (verdict(LEAKY), "unknown leak"),
    (verdict(LEAKY, program="another", leaks=[KNOWN]), "unknown leak"),
    (verdict(LEAKY, leaks=[KNOWN._replace(stack=("main *", "make_name *"))]), "unknown leak"),
    (verdict(LEAKY, leaks=[KNOWN._replace(stack=("other_function *",))]), "unknown leak"),
    (verdict(LEAKY, leaks=[KNOWN._replace(kinds=("indirect",))]), "unknown leak"),
    (verdict(CLEAN, leaks=[KNOWN]), "must be found"),
    (verdict(CLEAN, checked=["server"]), "server was not checked"),
    (verdict("", checked=["tool"]), "tool was not checked"),
    (verdict(CLEAN, unwatched=["tool"]), "its own malloc"),
    (verdict(LEAKY.replace("10 bytes", "11 bytes"), leaks=[KNOWN]), "records sum up to"),
    (verdict(LEAKY.replace("/lib/libc", "/lib/libleakgc"), leaks=[KNOWN]), "frame of libleakgc"),
    (verdict(LEAKY.replace("    #1 ", "    #5 "), leaks=[KNOWN]), "frame #5"),
    (verdict("hello\n" + CLEAN), "not a report's"),
    (log_verdict([CLEAN], None), ""),
    (log_verdict(["==7==leakgc: its own malloc\n"], "own malloc"), ""),
    (log_verdict(["==7==leakgc: its own malloc\n"] * 2, "own malloc"), "2 lines"),
    (log_verdict([""], "own malloc"), "0 lines"),
    (log_verdict(["text ==7==leakgc: internal: out of records\n"], None), "internal"),
    (log_verdict(["==7==ERROR: leakgc: double free of 0x1: a block\n"], None), "double free"),
    (log_verdict(["==7==leakgc: option 'a': 'b' is not a boolean; using 0\n"], None), "using 0"),
]


@case("judge", needs={})
def judged(stage):
    for number, (said, wanted) in enumerate(TABLE):
        if (wanted not in said) if wanted else said:
            raise Failure(f"entry {number} of the table: {said!r} instead of {wanted!r}")
        stage.note(said)


@case("readme", needs={})
def readme(stage):
    text = (Path(__file__).resolve().parent.parent / "README.md").read_text()
    if table.of_known_leaks(CASES) not in text:
        raise Failure("README.md's table of known leaks is not what `run --table` prints")
