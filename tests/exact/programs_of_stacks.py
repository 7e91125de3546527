# SPDX-License-Identifier: MIT
"""Owns: cases that are one small program with a special kind of stack.

discover(folder) reads every NAME.c and NAME.cpp, with NAME.S beside it if there is one; README.md lists
the directives of the leading comment. One case for each alternative of `flags` and of `options`.
"""

import glob
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import threading

import known_errors
import reports  # tests/lib
import runner  # tests/lib
import verdict

LIB = os.path.join(runner.TESTS, "lib")
SKIP_STATUS = 77
DIRECTIVES = ("flags", "link", "options", "captures", "processes", "uses", "stdout", "status", "args",
              "plugin", "timeout", "control", "says", "stack")
COMPILERS = {("gcc", ".c"): "gcc", ("gcc", ".cpp"): "g++", ("clang", ".c"): "clang", ("clang", ".cpp"): "clang++"}


def discover(folder, build):
    cases = []
    for path in sorted(glob.glob(os.path.join(folder, "*.c")) + glob.glob(os.path.join(folder, "*.cpp"))):
        source = Source(path)
        programs = [Program(source, flags, os.path.abspath(build)) for flags in source.alternatives("flags")]
        cases += [Case(program, options)
                  for program in programs for options in source.alternatives("options") or [""]]
        cases += [Control(programs[0], control) for control in source.all("control")]
    return cases


class Source:
    """A program's file and what its leading comment says."""

    def __init__(self, path):
        self.path = path
        stem, self.extension = os.path.splitext(path)
        self.name = os.path.basename(stem)
        self.assembly = [stem + ".S"] if os.path.exists(stem + ".S") else []
        self.directives = {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("//"):
                    break
                match = re.match(r"// ([a-z]+): (.*)$", line.rstrip())
                if match and match.group(1) in DIRECTIVES:
                    self.directives.setdefault(match.group(1), []).append(match.group(2))
        for needed in ("flags", "captures"):
            if needed not in self.directives:
                raise ValueError("%s: says no '%s'" % (path, needed))
        for condition in " ".join(self.all("uses")).split():
            verdict.condition_of(condition)

    def all(self, key):
        return self.directives.get(key, [])

    def one(self, key, default=""):
        return (self.all(key) or [default])[0]

    def alternatives(self, key):
        return [part.strip() for line in self.all(key) for part in line.split("|")]


class Program:
    """A source compiled in one way, with its plugins, in a folder of its own."""

    def __init__(self, source, flags, build):
        self.source, self.flags, self.build_folder = source, flags, build
        slot = re.sub(r"[^A-Za-z0-9]+", "_", flags)[:60] + "." + hashlib.sha256(flags.encode()).hexdigest()[:6]
        self.folder = os.path.join(build, "exact", source.name, slot)
        self.exe = os.path.join(self.folder, source.name)
        self._lock = threading.Lock()

    def commands(self):
        source = self.source
        compiler, *flags = shlex.split(self.flags)
        base = [COMPILERS[compiler, source.extension], "-g", "-w", "-pthread", "-I", LIB,
                "-I", os.path.dirname(source.path), '-DPLUGINS="%s/"' % self.folder] + flags
        commands = []
        for line in source.all("plugin"):
            name, *more = shlex.split(line)
            commands.append(base + ["-DBUILD_PLUGIN", "-shared", "-fPIC", "-o",
                                    os.path.join(self.folder, name), source.path] + more)
        commands.append(base + ["-o", self.exe, source.path] + source.assembly
                        + shlex.split(source.one("link")) + ["-ldl", "-lm"])
        return commands

    def build(self):
        with self._lock:
            stamp = os.path.join(self.folder, "stamp")
            digest = self._digest()
            if os.path.exists(stamp):
                with open(stamp, encoding="utf-8") as file:
                    if file.read() == digest:
                        return
            shutil.rmtree(self.folder, ignore_errors=True)
            os.makedirs(self.folder)
            for command in self.commands():
                done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT)
                if done.returncode:
                    raise runner.Failure("it does not compile", shlex.join(command) + "\n" + done.stdout.decode())
            with open(stamp, "w", encoding="utf-8") as file:
                file.write(digest)

    def _digest(self):
        digest = hashlib.sha256(repr(self.commands()).encode())
        headers = glob.glob(os.path.join(LIB, "*.h")) + glob.glob(os.path.join(os.path.dirname(self.source.path), "*.h"))
        for path in [self.source.path] + self.source.assembly + sorted(headers):
            with open(path, "rb") as file:
                digest.update(file.read())
        return digest.hexdigest()

    def run(self, options, more=""):
        """Runs it under the library; (its Result, the text of its logs, that of its reports)."""
        with tempfile.TemporaryDirectory(dir=self.folder) as cwd:
            env = {"LD_PRELOAD": runner.library_path(self.build_folder),
                   "LEAKGC_LOG": os.path.join(cwd, "log.%p"),
                   "LEAKGC_REPORT": os.path.join(cwd, "report.%p"),
                   "LEAKGC_SYMBOLIZE": "1" if self.source.all("stack") else "0"}
            if options:
                env["LEAKGC_OPTIONS"] = options
            env.update(item.split("=", 1) for item in more.split())
            result = runner.execute([self.exe] + shlex.split(self.source.one("args")), cwd=cwd,
                                    env=runner.clean_environment(**env),
                                    timeout=int(self.source.one("timeout", "20")))
            return result, contents(cwd, "log.*"), contents(cwd, "report.*")


def contents(folder, pattern):
    text = ""
    for path in sorted(glob.glob(os.path.join(folder, pattern))):
        with open(path, encoding="utf-8", errors="replace") as file:
            text += file.read()
    return text


def has_stack(report, wanted):
    """Whether a record of the report has the stack 'inner < outer < * < main' (*: one frame or more)."""
    pattern = "".join("( [^ ]+)+" if name == "*" else " " + re.escape(name) for name in wanted.split(" < "))
    found, _ = reports.parse(report)
    return any(re.fullmatch(pattern + "( [^ ]+)*", "".join(" " + (f.function or "?") for f in record.frames))
               for one in found for record in one.records)


class Case:
    """One program, one way to compile it, one set of options: all stacks are equal."""

    def __init__(self, program, options):
        self.program, self.options = program, options
        self.name = "%s [%s]%s" % (program.source.name, program.flags, " " + options if options else "")

    def run(self):
        source = self.program.source
        self.program.build()
        result, log, report = self.program.run(self.options)
        if result.status == SKIP_STATUS:
            raise runner.Skip(result.stdout.strip())
        found = verdict.Verdict(known_errors.without_known(self.name, log))
        said = result.stderr + log
        # A crash after a wrong stack is best explained by the stack.
        if result.status != int(source.one("status", "0")) and not found.differences:
            raise runner.Failure("status %d" % result.status, result.stdout[-2000:] + said[-4000:])
        if result.stdout.strip() != "\n".join(source.all("stdout")) and not found.differences:
            raise runner.Failure("its stdout is not as stated", result.stdout[-2000:] + said[-4000:])
        uses = " ".join(source.all("uses")).split()
        found.require(int(source.one("captures")), int(source.one("processes", "1")), uses,
                      uncompared=1 if "uncompared" in " ".join(uses) else 0.1)
        for stack in source.all("stack"):
            if not has_stack(report, stack):
                raise runner.Failure("nothing was lost at " + stack, report[:4000])
        lines = [line for line in said.splitlines() if "leakgc: " in line and "leakgc: verify: " not in line]
        lines = [line for line in lines if not source.one("says") or not re.search(source.one("says"), line)]
        if lines:
            raise runner.Failure("the library says: " + lines[0], said[-4000:])


class Control:
    """The negative control: with a rule made wrong, the comparison must tell a difference."""

    def __init__(self, program, control):
        self.program, self.control = program, control
        self.name = "%s [%s] control %s" % (program.source.name, program.flags, control)

    def run(self):
        self.program.build()
        _, log, _ = self.program.run("", self.control)
        verdict.Verdict(log).require_differences()
