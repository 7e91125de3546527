# SPDX-License-Identifier: MIT
"""Owns: checking the expectations themselves, with leak checkers that others wrote.

A wrong expectation makes a wrong product. `runner.py --oracle valgrind` (or lsan) runs every
program under that checker instead of leakgc and compares the totals with the EXPECT line.
Both take stale words on the dead stack and in registers for roots, so they may find less than we
expect: such a case counts as skipped, and -v says how much they found. If they find more, or sort
it differently, it fails. Where the other one is known to be wrong, the program says so and why:

    // ORACLE: not valgrind: it takes the stale register for a root

Not part of `make check`: Valgrind and a compiler with LeakSanitizer need not be installed.
"""

import os
import re
import shutil

import reports
import runner

# Cases whose options change the outcome say nothing about the program itself.
NEUTRAL_OPTIONS = ("kinds=", "details=", "stack_depth=", "symbolize=", "verbose=")


class OracleCase:
    def __init__(self, source, flags, name, oracle):
        self.source = source
        self.flags = flags
        self.name = name
        self.oracle = oracle

    def run(self):
        source = self.source
        for line in source.all("ORACLE"):
            if re.match(r"not (%s|any)\b" % self.oracle, line):
                raise runner.Skip(line)
        options = ":".join(item.split("=", 1)[1] for item in source.all("ENV")
                           if item.startswith("LEAKGC_"))
        if any(word and not word.startswith(NEUTRAL_OPTIONS) for word in options.split(":")):
            raise runner.Skip("its options change what leakgc says")
        if source.one("PLAIN") == "no" or source.one("SIGNAL"):
            raise runner.Skip("it is about leakgc's own behaviour")
        expected = source.all("EXPECT")
        if len(expected) != 1 or expected[0].startswith(("no report", "has")):
            raise runner.Skip("no single total to compare")
        wanted = {}
        if expected[0] != "nothing":
            for part in expected[0].split(";"):
                kind, nbytes, blocks = part.split()
                wanted[kind] = (int(nbytes), int(blocks))
        if self.oracle == "valgrind":
            self._valgrind(wanted, "possible" in options or "all" in options)
        else:
            self._lsan(wanted)

    def _valgrind(self, wanted, with_possible):
        import programs
        if not shutil.which("valgrind"):
            raise runner.Skip("valgrind is not installed")
        program = programs.Program(self.source, self.flags)
        program.build()
        with programs.Scratch(self.source.build) as cwd:
            log = os.path.join(cwd, "valgrind.log")
            result = run_patiently(
                ["valgrind", "--leak-check=full", "--show-leak-kinds=all", "--log-file=" + log, program.exe], cwd)
            if result.status == programs.SKIP_STATUS:
                raise runner.Skip(result.stdout.strip())
            with open(log, encoding="utf-8", errors="replace") as file:
                text = file.read()
        totals = reports.parse_totals(text)
        kinds = ["definite", "indirect"] + (["possible"] if with_possible else [])
        kinds += ["reachable"] if "reachable" in wanted else []
        got = {kind: totals.get(kind, (0, 0)) for kind in kinds}
        if not totals and "All heap blocks were freed" not in text:
            raise runner.Skip("no summary: it executes itself, or needs what valgrind can't do")
        if got != {kind: wanted.get(kind, (0, 0)) for kind in kinds}:
            if _lost(got) < _lost(wanted):
                raise runner.Skip("valgrind finds less: %s" % got)
            raise runner.Failure("valgrind says %s, we expect %s" % (got, wanted), text)

    def _lsan(self, wanted):
        import programs
        program = programs.Program(self.source, self.flags + " -fsanitize=leak")
        program.build()
        with programs.Scratch(self.source.build) as cwd:
            result = run_patiently([program.exe], cwd, LSAN_OPTIONS="exitcode=23")
            if result.status == programs.SKIP_STATUS:
                raise runner.Skip(result.stdout.strip())
        match = re.search(r"SUMMARY: LeakSanitizer: (\d+) byte\(s\) leaked in (\d+) allocation",
                          result.stderr)
        got = (int(match.group(1)), int(match.group(2))) if match else (0, 0)
        total = _lost(wanted)
        if got < total:
            raise runner.Skip("LSan finds less: %s of %s" % (got, total))
        if got != total:
            raise runner.Failure("LSan says %s, we expect %s" % (got, total), result.stderr[-3000:])


def run_patiently(command, cwd, **env):
    try:
        return runner.execute(command, env=runner.clean_environment(**env), cwd=cwd, timeout=60)
    except runner.Failure as why:
        raise runner.Skip("it is too slow here: %s" % why) from None


def _lost(totals):
    """(bytes, blocks) of what is lost for sure."""
    lost = [totals.get(kind, (0, 0)) for kind in ("definite", "indirect")]
    return sum(b for b, _ in lost), sum(n for _, n in lost)
