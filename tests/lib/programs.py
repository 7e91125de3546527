# SPDX-License-Identifier: MIT
"""Owns: cases that are one small C or C++ program with its expectation in a leading comment.

discover(folder) reads every FOLDER/AREA/NAME.c and NAME.cpp (README.md of tests/e2e lists the
directives) and returns its cases: one per alternative of CFLAGS, and one more per CONTROL and
alternative. A NAME.py there is a case of its own: its function test(bench) does all.

Each case runs the program twice: without the library, which tells what its own output and
status are, and with it, which must change neither. "nothing" is checked once more with verbose=1,
so that a library that was never loaded can't pass.
"""

import difflib
import glob
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading

import oracles
import reports
import runner

LIB = os.path.dirname(os.path.abspath(__file__))
SKIP_STATUS = 77
DIRECTIVES = ("CFLAGS", "LDFLAGS", "ENV", "ARGS", "EXPECT", "STATUS", "SIGNAL", "STDOUT", "REPORT",
              "STDERR-HAS", "STDERR-LACKS", "FILE", "CONTROL", "LINE", "PLAIN", "SOLIB", "PLUGIN",
              "DEBUG", "EXE", "TIMEOUT", "LOG", "ORACLE")
# Options that hide records, so that sums can't be checked.
HIDING = ("min_bytes", "min_blocks", "max_sites", "kinds")

_locks = {}
_locks_guard = threading.Lock()


def discover(folder, build, oracle=None):
    cases = []
    for path in sorted(glob.glob(os.path.join(folder, "*", "*"))):
        name, extension = os.path.splitext(os.path.relpath(path, folder))
        if extension in (".c", ".cpp"):
            cases += Source(path, name, build).cases(oracle)
        elif extension == ".py" and not oracle:
            cases.append(ScriptCase(path, name, build))
    return cases


# ---------------------------------------------------------------- what a file says


class Source:
    """A program's file: its directives, and the marks in its code."""

    known = DIRECTIVES

    def __init__(self, path, name, build):
        self.path = path
        self.name = name
        self.build = os.path.abspath(build)
        with open(path, encoding="utf-8") as file:
            self.lines = file.read().splitlines()
        self.directives = {}
        self.leaks = []  # (kind, bytes, blocks, line) of the `LEAK:` marks
        self.marks = {}  # `@name` -> line
        self._read()

    def _read(self):
        block = None
        in_header = True
        for number, line in enumerate(self.lines, 1):
            if in_header and not line.startswith("//"):
                in_header = False
            if not in_header:
                self._read_marks(number, line)
                continue
            match = re.match(r"// ([A-Z][A-Z-]+):(?: (.*))?$", line)
            if match and match.group(1) in self.known:
                block = self.directives.setdefault(match.group(1), [])
                if match.group(2):
                    block.append(match.group(2).rstrip())
            elif match and match.group(1) not in ("SPDX-License-Identifier", "NOTE"):
                raise ValueError("%s:%d: unknown directive %s" % (self.path, number, match.group(1)))
            elif line.startswith("//|") and block is not None:
                block.append(line[4:].rstrip())
            else:
                block = None

    def _read_marks(self, number, line):
        match = re.search(r"// LEAK: (\w+) (\d+) (\d+)", line)
        if match:
            self.leaks.append((match.group(1), int(match.group(2)), int(match.group(3)), number))
        for mark in re.findall(r"// .*?@(\w+)", line):
            self.marks[mark] = number

    def all(self, key):
        return self.directives.get(key, [])

    def one(self, key, default=None):
        found = self.all(key)
        return found[0] if found else default

    def cases(self, oracle):
        alternatives = [a.strip() for a in self.one("CFLAGS", "-O0 | -O2").split("|")]
        cases = []
        for flags in alternatives:
            label = " [%s]" % flags if len(alternatives) > 1 else ""
            if oracle:
                cases.append(oracles.OracleCase(self, flags, self.name + label, oracle))
                continue
            cases.append(ProgramCase(self, flags, self.name + label))
            for control in self.all("CONTROL"):
                cases.append(control_case(self, flags, self.name + label, control))
            for line in self.all("LINE"):
                cases.append(line_case(self, flags, self.name + label, line))
        return cases


class Expectation:
    """One EXPECT line: 'nothing', 'no report', 'definite 10 1; indirect 80 10', 'has definite 10 1'."""

    def __init__(self, text):
        self.text = text
        self.nothing = text == "nothing"
        self.silent = self.nothing or text == "no report"
        self.only_has = text.startswith("has ")
        self.amounts, self.records = {}, []
        if not self.silent:
            for part in text[4 if self.only_has else 0:].split(";"):
                kind, nbytes, blocks = part.split()
                if kind not in reports.KINDS:
                    raise ValueError("no such kind: " + kind)
                if kind in self.amounts and not self.only_has:
                    raise ValueError("a kind twice: " + text)
                self.amounts[kind] = (int(nbytes), int(blocks))
                self.records.append((kind, int(nbytes), int(blocks)))

    def fits(self, report):
        if self.only_has:
            there = {(r.kind, r.bytes, r.blocks) for r in report.records}
            return there.issuperset(self.records)
        return all(report.amount(kind) == self.amounts.get(kind, (0, 0))
                   for kind in reports.KINDS if kind != "reachable" or kind in self.amounts)


# ---------------------------------------------------------------- the cases


class ProgramCase:
    """One program, one way to compile it, one set of options."""

    def __init__(self, source, flags, name, options=(), expect=None, is_control=False, more_env=None):
        self.source = source
        self.flags = flags
        self.name = name
        self.options = list(options)
        self.is_control = is_control
        texts = [expect] if expect is not None else source.all("EXPECT")
        if not texts and not source.all("REPORT") and not source.all("STDERR-HAS") \
                and not source.all("LINE"):
            raise ValueError(source.path + ": says neither EXPECT nor REPORT nor STDERR-HAS")
        self.expected = [Expectation(text) for text in texts]
        self.env = dict(item.split("=", 1) for item in source.all("ENV"))
        self.env.update(more_env or {})
        if self.options:
            given = [self.env["LEAKGC_OPTIONS"]] if "LEAKGC_OPTIONS" in self.env else []
            self.env["LEAKGC_OPTIONS"] = ":".join(given + self.options)

    # -- running

    def run(self):
        source = self.source
        program = Program(source, self.flags)
        program.build()
        plain = program.plain() if source.one("PLAIN") != "no" else None
        with Scratch(source.build) as cwd:
            result = program.run(cwd, self.env)
            text = result.stderr
            if source.one("FILE"):
                text = self._report_file(cwd, result)
        found, others = reports.parse(text)
        self._check_program(plain, result, found, others)
        if source.all("REPORT") and not self.is_control:
            self._check_exact(program, text)
        self._check_patterns(program, text)
        self._check_reports(found, text)
        if any(e.nothing for e in self.expected):
            with Scratch(source.build) as cwd:
                self._check_alive(program.run(cwd, dict(self.env, LEAKGC_VERBOSE="1")), cwd)

    def _report_file(self, cwd, result):
        pattern = self.source.one("FILE").replace("{PID}", str(result.pid))
        paths = sorted(glob.glob(os.path.join(cwd, pattern)))
        if not paths:
            raise runner.Failure("no file %s was written; there is %s" % (pattern, os.listdir(cwd)),
                                 result.stderr)
        if result.stderr and not self.source.one("LOG"):
            raise runner.Failure("stderr is not empty", result.stderr)
        text = ""
        for path in paths:
            with open(path, encoding="utf-8", errors="replace") as file:
                text += file.read()
        return text

    # -- checking

    def _check_program(self, plain, result, found, others):
        source = self.source
        if source.one("SIGNAL"):
            wanted = -getattr(signal, "SIG" + source.one("SIGNAL"))
        elif source.one("STATUS"):
            wanted = int(source.one("STATUS"))
        else:
            wanted = plain.status if plain else 0
        if plain and not source.one("STATUS") and not source.one("SIGNAL") and plain.status != 0:
            raise runner.Failure("status %d without the library" % plain.status, plain.stderr)
        if result.status != wanted:
            raise runner.Failure("status %d, not %d" % (result.status, wanted),
                                 result.stdout[-2000:] + result.stderr[-4000:])
        if source.all("STDOUT"):
            compare("stdout", "\n".join(source.all("STDOUT")), result.stdout.rstrip("\n"))
        elif plain:
            compare("stdout", plain.stdout, result.stdout)
        checks_text = source.all("REPORT") or source.all("STDERR-HAS") or source.one("FILE")
        if plain and not checks_text:
            if source.one("LOG"):
                others = [o for o in others if not re.match(r"==\d+==leakgc: ", o)]
            compare("stderr outside the report", plain.stderr.rstrip("\n"), "\n".join(others))

    def _check_exact(self, program, text):
        wanted = "\n".join(self.source.all("REPORT"))
        wanted = re.sub(r"\{@(\w+)\}", lambda m: str(self.source.marks[m.group(1)]), wanted)
        got = reports.normalize(text, program.names()).strip("\n")
        compare("report", wanted.strip("\n"), fill_any(wanted.strip("\n"), got))

    def _check_patterns(self, program, text):
        if self.is_control:
            return
        plain_text = reports.normalize(text, program.names()) + "\n" + text
        for pattern in self.source.all("STDERR-HAS"):
            pattern = re.sub(r"\{@(\w+)\}", lambda m: str(self.source.marks[m.group(1)]), pattern)
            for placeholder in ("{FILE}", "{EXE}", "{SO}", "{FOLDER}"):
                pattern = pattern.replace(placeholder, re.escape(placeholder))
            if not re.search(pattern, plain_text, re.MULTILINE):
                raise runner.Failure("nothing matches '%s'" % pattern, text)
        for pattern in self.source.all("STDERR-LACKS"):
            if re.search(pattern, plain_text, re.MULTILINE):
                raise runner.Failure("there is a match of '%s'" % pattern, text)

    def _check_reports(self, found, text):
        wanted = [e for e in self.expected if not e.silent]
        if len(found) != len(wanted) and self.expected:
            raise runner.Failure("%d reports, expected %d (%s)"
                                 % (len(found), len(wanted),
                                    " + ".join(e.text for e in self.expected)), text)
        hides = any(word in self.env.get("LEAKGC_OPTIONS", "") or "LEAKGC_" + word.upper() in self.env
                    for word in HIDING)
        for report in found:
            faults = report.faults(complete=not hides)
            if faults:
                raise runner.Failure("; ".join(faults), text)
        left = list(found)
        for expectation in wanted:
            fitting = [r for r in left if expectation.fits(r)]
            if not fitting:
                raise runner.Failure("expected: " + expectation.text, text)
            left.remove(fitting[0])
        if self.source.leaks and not self.is_control and len(found) == 1:
            self._check_sites(found[0], text)

    def _check_sites(self, report, text):
        wanted = sorted(self.source.leaks)
        shown = sorted((r.kind, r.bytes, r.blocks, r.first_line_in(self.source.path))
                       for r in report.records if r.kind != "reachable")
        if shown != wanted:
            lines = ["  %s %d bytes in %d blocks at line %d" % s for s in wanted]
            raise runner.Failure("the leaks' sites differ, expected:\n    " + "\n    ".join(lines), text)

    def _check_alive(self, result, cwd):
        text = result.stderr + self._whole_folder(cwd)
        totals = reports.parse_totals(text)
        if "leakgc: no leaks" not in text or "definite" not in totals:
            raise runner.Failure("with verbose=1 it doesn't say 'no leaks': was it there at all?", text)
        lost = [kind for kind in ("definite", "indirect") if totals[kind] != (0, 0)]
        if lost:
            raise runner.Failure("with verbose=1 there are leaks: %s" % ", ".join(lost), text)

    @staticmethod
    def _whole_folder(cwd):
        text = ""
        for path in glob.glob(os.path.join(cwd, "*")):
            if os.path.isfile(path) and os.path.getsize(path) < 1 << 20:
                with open(path, encoding="utf-8", errors="replace") as file:
                    text += file.read()
        return text


def control_case(source, flags, name, control):
    """`use_globals=0 -DX => expectation`: the same program with other options or flags."""
    words, expectation = (part.strip() for part in control.split("=>"))
    options = [w for w in words.split() if not w.startswith("-")]
    more_flags = " ".join(w for w in words.split() if w.startswith("-"))
    return ProgramCase(source, (flags + " " + more_flags).strip(), "%s control %s" % (name, words),
                       options, expectation, is_control=True)


def line_case(source, flags, name, line):
    """`options => line of stderr`: what the library says about these options, and nothing else."""
    options, wanted = (part.strip() for part in line.split("=>", 1))
    return LineCase(source, flags, name, options, wanted)


class LineCase:
    """Options that make leakgc say exactly one line (or none) and leave the program alone."""

    def __init__(self, source, flags, name, options, wanted):
        self.name = "%s %s" % (name, options)
        self.source = source
        self.flags = flags
        self.options = options
        self.wanted = wanted

    def run(self):
        program = Program(self.source, self.flags)
        program.build()
        plain = program.plain()
        if self.options.startswith("LEAKGC_"):
            env = dict(item.split("=", 1) for item in self.options.split())
        else:
            env = {"LEAKGC_OPTIONS": self.options}
        with Scratch(self.source.build) as cwd:
            result = program.run(cwd, env)
        if result.status != plain.status:
            raise runner.Failure("status %d" % result.status, result.stderr)
        compare("stdout", plain.stdout, result.stdout)
        lines = result.stderr.splitlines()
        if self.wanted == "nothing":
            if lines:
                raise runner.Failure("stderr is not empty", result.stderr)
            return
        opening = "==%d==leakgc: " % result.pid
        pattern = re.escape(self.wanted).replace(re.escape("{ANY}"), ".+")
        if len(lines) != 1 or not lines[0].startswith(opening) \
                or not re.fullmatch(pattern, lines[0][len(opening):]):
            raise runner.Failure("stderr must be one line: %s%s" % (opening, self.wanted), result.stderr)


class ScriptCase:
    """A NAME.py whose test(bench) does everything itself."""

    def __init__(self, path, name, build):
        self.path = path
        self.name = name
        self.build = os.path.abspath(build)

    def run(self):
        spec = importlib.util.spec_from_file_location(
            "e2e_" + re.sub(r"\W", "_", self.name), self.path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        with Scratch(self.build) as cwd:
            module.test(Bench(self.build, self.name, cwd))


class Bench:
    """What a script case works with: compile a text, run a command under the library."""

    def __init__(self, build, name, cwd):
        self.build = build
        self.name = name
        self.cwd = cwd
        self.library = runner.library_path(build)
        self.project = runner.PROJECT

    def compile(self, text, flags="-O1 -g", name="program.c", compiled_by=None):
        """Writes `text` to the scratch folder, compiles it, and returns the program's path."""
        path = os.path.join(self.cwd, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        exe = os.path.splitext(path)[0]
        compile_command([compiled_by or compiler(path)] + shlex.split(flags) + ["-I", LIB, "-pthread", "-o", exe, path])
        return exe

    def run(self, command, env=None, preload=True, timeout=20, **more):
        settings = runner.clean_environment(**(env or {}))
        if preload:
            settings["LD_PRELOAD"] = self.library
        return runner.execute(command, env=settings, cwd=self.cwd, timeout=timeout, **more)


# ---------------------------------------------------------------- building and running


class Program:
    """A source compiled one way, with its shared objects, in a folder of its own."""

    def __init__(self, source, flags, compiled_by=None):
        self.source = source
        self.flags = flags
        self.compiler = compiled_by or compiler(source.path)
        slot = re.sub(r"[^A-Za-z0-9]+", "_", flags).strip("_")[:60]
        slot += "." + hashlib.sha256(flags.encode()).hexdigest()[:6]  # -DX=1 is not -DX=-1
        slot += "." + compiled_by if compiled_by else ""
        self.folder = os.path.join(source.build, "e2e", source.name, slot)
        self.exe = os.path.join(self.folder, source.one("EXE", os.path.basename(source.name)))
        self.solib = os.path.join(self.folder, "libneeded.so")
        self.plugin = os.path.join(self.folder, "plugin.so")
        with _locks_guard:
            self.lock = _locks.setdefault(self.folder, threading.Lock())

    def names(self):
        return [(self.exe, "{EXE}"), (self.source.path, "{FILE}"), (self.solib, "{SO}"),
                (self.plugin, "{SO}"), (self.folder, "{FOLDER}")]

    def commands(self):
        source = self.source
        base = [self.compiler, "-g", "-Wall", "-Wextra", "-Wno-unused-parameter",
                "-Wno-use-after-free", "-Wno-free-nonheap-object", "-I", LIB, "-pthread"]
        base += shlex.split(self.flags)
        commands = []
        if source.all("PLUGIN") or "PLUGIN" in source.directives:
            base.append('-DPLUGIN_PATH="%s"' % self.plugin)
            commands.append(base + ["-DBUILD_PLUGIN", "-shared", "-fPIC", "-o", self.plugin, source.path]
                            + shlex.split(source.one("PLUGIN", "")))
        link = []
        if "SOLIB" in source.directives:
            commands.append(base + ["-DBUILD_SOLIB", "-shared", "-fPIC", "-o", self.solib, source.path]
                            + shlex.split(source.one("SOLIB", "")))
            link = [self.solib, "-Wl,-rpath," + self.folder]
        commands.append(base + ["-o", self.exe, source.path] + link
                        + shlex.split(source.one("LDFLAGS", "")) + ["-ldl", "-lm"])
        debug = source.one("DEBUG")
        if debug == "stripped":
            commands.append(["strip", self.exe])
        elif debug == "separate":
            kept = self.exe + ".debug"
            commands += [["objcopy", "--only-keep-debug", self.exe, kept], ["strip", self.exe],
                         ["objcopy", "--add-gnu-debuglink=" + kept, self.exe]]
        elif debug:
            raise ValueError("DEBUG: stripped or separate")
        return commands

    def build(self):
        with self.lock:
            stamp = os.path.join(self.folder, "stamp")
            digest = hashlib.sha256(repr(self.commands()).encode())
            for path in [self.source.path] + sorted(glob.glob(os.path.join(LIB, "*.h"))):
                with open(path, "rb") as file:
                    digest.update(file.read())
            if os.path.exists(stamp):
                with open(stamp, encoding="utf-8") as file:
                    if file.read() == digest.hexdigest():
                        return
            shutil.rmtree(self.folder, ignore_errors=True)
            os.makedirs(self.folder)
            for command in self.commands():
                compile_command(command, self.folder)
            with open(stamp, "w", encoding="utf-8") as file:
                file.write(digest.hexdigest())

    def plain(self):
        """What the program does without the library; remembered."""
        with self.lock:
            if self.folder not in _plain_results:
                with Scratch(self.source.build) as cwd:
                    _plain_results[self.folder] = self._execute(cwd, {})
        result = _plain_results[self.folder]
        if result.status == SKIP_STATUS:
            raise runner.Skip((result.stdout + result.stderr).strip())
        return result

    def run(self, cwd, env):
        env = {key: value.replace("{TMP}", cwd) for key, value in env.items()}
        return self._execute(cwd, dict(env, LD_PRELOAD=runner.library_path(self.source.build)))

    def _execute(self, cwd, env):
        command = [self.exe] + shlex.split(self.source.one("ARGS", ""))
        return runner.execute(command, env=runner.clean_environment(**env), cwd=cwd,
                              timeout=int(self.source.one("TIMEOUT", "20")))


_plain_results = {}


class Scratch:
    """A fresh folder to run in, removed afterwards."""

    def __init__(self, build):
        parent = os.path.join(build, "e2e", ".scratch")
        os.makedirs(parent, exist_ok=True)
        self.path = tempfile.mkdtemp(dir=parent)

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def compiler(path):
    return os.environ.get("CXX", "c++") if path.endswith(".cpp") else os.environ.get("CC", "cc")


def compile_command(command, folder=None):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, cwd=folder)
    if done.returncode != 0:
        raise runner.Failure("it does not compile", shlex.join(command) + "\n" + done.stdout.decode())


def fill_any(wanted, got):
    """`got`, with {ANY} in those lines where `wanted` has it and the rest fits."""
    lines = got.splitlines()
    for number, line in enumerate(wanted.splitlines()[:len(lines)]):
        if "{ANY}" in line and re.fullmatch(re.escape(line).replace(r"\{ANY\}", ".*"), lines[number]):
            lines[number] = line
    return "\n".join(lines)


def compare(what, wanted, got):
    if wanted == got:
        return
    lines = difflib.unified_diff(wanted.splitlines(), got.splitlines(), "expected", "got", lineterm="")
    raise runner.Failure("the %s differs" % what, "\n".join(lines) or repr((wanted, got)))
