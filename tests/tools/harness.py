# SPDX-License-Identifier: MIT
"""What the tests of the command share: a scratch directory, compiling, asking the symbolizer.

A test is a function test_* of a file test_*.py here. It passes when it returns, is skipped when it raises
Skip (a tool that is not installed), fails on any other exception. `run` runs them all.
"""
import os
import re
import shutil
import subprocess
import tempfile

CC = os.environ.get("CC", "gcc")
CXX = os.environ.get("CXX", "g++")

scratch = tempfile.mkdtemp(prefix="leakgc tools ")  # with spaces: every test is one of paths with spaces
leakgc = None  # path of the command; set by `run`

UNKNOWN = [("-", "-", 0, 0)]


class Skip(Exception):
    pass


def need(tool):
    if not shutil.which(tool):
        raise Skip(f"{tool} is not installed")
    return tool


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


def equal(got, expected, what="got"):
    if got != expected:
        raise AssertionError(f"{what}: {got!r}, expected {expected!r}")


def command(*words, stdin=b"", env=None, program=None, cwd=None):
    """Runs the command; (status, stdout, stderr) as text."""
    full_env = dict(os.environ)
    full_env.pop("LEAKGC_OPTIONS", None)
    full_env.update(env or {})
    if isinstance(stdin, str):
        stdin = stdin.encode()
    done = subprocess.run([program or leakgc, *words], input=stdin, capture_output=True, env=full_env,
                          cwd=cwd, timeout=120)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def tool(*words, cwd=None):
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {done.stderr}")
    return done.stdout


def directory(name):
    """A new folder; where there is one of the name, another one."""
    path = os.path.join(scratch, name)
    while os.path.exists(path):
        path += "-"
    os.makedirs(path)
    return path


class Source:
    """A source file. A line is named by a comment `@name` in it; a column by the text there."""

    def __init__(self, folder, name, text):
        self.path = os.path.join(folder, name)
        self.folder = folder
        self.lines = text.split("\n")
        with open(self.path, "w") as f:
            f.write(text)

    def line(self, mark):
        found = [i + 1 for i, text in enumerate(self.lines) if re.search(rf"@{mark}\b", text)]
        equal(len(found), 1, f"lines marked {mark}")
        return found[0]

    def column(self, mark, text):
        return self.lines[self.line(mark) - 1].index(text) + 1

    def build(self, output, *flags, compiler=None):
        path = os.path.join(self.folder, output)
        compiler = compiler or (CXX if self.path.endswith(".cc") else CC)
        tool(compiler, self.path, "-o", path, *flags, cwd=self.folder)
        return path


def symbols(path, *flags):
    found = {}
    for text in tool("nm", *flags, path).splitlines():
        words = text.split(None, 2)
        if len(words) == 3 and re.fullmatch("[0-9a-f]+", words[0]):
            found[words[2]] = int(words[0], 16)
    return found


def build_id(path):
    found = re.search(r"Build ID: ([0-9a-f]+)", tool("readelf", "-n", path))
    return found.group(1) if found else "-"


def module_line(path, number=0, bias=0x7F0000000000, identity="-"):
    return f"module {number} {bias:x} {bias + 0x40000000:x} {bias:x} {identity} {path}\n"


def parse(text):
    """The answer blocks, each a list of (function, file, line, column)."""
    blocks, frames = [], []
    for line in text.split("\n")[:-1]:
        if line == ".":
            check(frames, "a block without frames")
            blocks.append(frames)
            frames = []
        else:
            words = line.split("\t")
            equal((len(words), words[0]), (5, "f"), f"words of {line!r}")
            frames.append((words[1], words[2], int(words[3]), int(words[4])))
    check(text == "" or text.endswith(".\n"), "output does not end with a block")
    check(not frames, "output ends inside a block")
    return blocks


def ask(path, addresses, *flags, bias=0x7F0000000000, identity="-", env=None):
    """Answers for addresses of the file; (blocks, stderr). The status must be 0."""
    request = module_line(path, 0, bias, identity)
    request += "".join(f"pc 0 {bias + address:x}\n" for address in addresses)
    status, out, err = command("symbolize", *flags, stdin=request, env=env)
    equal(status, 0, f"exit status (stderr: {err})")
    blocks = parse(out)
    equal(len(blocks), len(addresses), "number of blocks")
    return blocks, err


def ask_quietly(path, addresses, *flags, **more):
    blocks, err = ask(path, addresses, *flags, **more)
    equal(err, "", "stderr")
    return blocks
