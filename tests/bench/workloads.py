# SPDX-License-Identifier: MIT
"""Owns: the table of workloads that are written here (workloads/), their sizes and how they are built."""

import os
import subprocess
from pathlib import Path

import measure
import runner

HERE = Path(__file__).resolve().parent

# Release flags. Sibling calls stay calls, so that the call stacks are as deep as the sources say.
FLAGS = ["-O2", "-g", "-Wall", "-Wextra", "-fno-optimize-sibling-calls", "-pthread"]

LIBRARIES = ("counter.c", "lsan_signal.c")

# name: (threads, size of a full run, of a smoke run, of a run under callgrind)
OWN = {
    "requests": (1, 700000, 500, 20000),
    "trees": (1, 100, 1, 2),
    "interpreter": (1, 5000, 5, 100),
    "deep": (1, 25000, 10, 200),
    "bignum": (1, 2500, 10, 60),
    "burst": (1, 250, 1, 4),
    "sweep": (1, 8000, 5, 200),
    "growth": (1, 80000, 100, 2000),
    "table": (1, 3000000, 5000, 60000),
    "strings": (1, 100000, 50, 1000),
    "maps": (1, 10000, 10, 200),
    "objects": (1, 200, 1, 4),
    "queue": (2, 1500, 2, 10),
    "server": (2, 100, 1, 1),
    "churn": (2, 500, 3, 10),
    "lifetimes": (1, 1500, 20, 150),
    "buffers": (1, 100, 2, 8),
}


class Workload:
    """A program written here. `job` has the size of the kind of run: full, smoke or counted."""

    is_real = prints_times = False

    def __init__(self, name):
        self.name = name
        self.threads, self._full, self._smoke, self._counted = OWN[name]

    def missing(self):
        return None

    def job(self, bench, kind, scale=1.0):
        size = {"full": max(int(self._full * scale), 1), "smoke": self._smoke,
                "counted": self._counted, "counted twice": 2 * self._counted}[kind]
        return measure.Job((os.path.join(bench.programs, self.name), str(size)))


def build(folder):
    """Compiles all programs that are older than their sources into `folder`."""
    os.makedirs(folder, exist_ok=True)
    shared = HERE / "workloads" / "bench.h"
    sources = [HERE / "measure.c", *map(HERE.joinpath, LIBRARIES)]
    sources += [s for s in sorted((HERE / "workloads").iterdir()) if s.suffix in (".c", ".cpp")]
    for source in sources:
        target = Path(folder, source.stem + (".so" if source.name in LIBRARIES else ""))
        newest = max(source.stat().st_mtime, shared.stat().st_mtime)
        if target.exists() and target.stat().st_mtime >= newest:
            continue
        command = [*compiler_of(source), *FLAGS, "-o", str(target), str(source)]
        if target.suffix == ".so":
            command += ["-shared", "-fPIC", "-fno-builtin"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise runner.Failure(f"{source.name} does not compile", done.stderr)


def compiler_of(source):
    return ["g++", "-std=c++17"] if source.suffix == ".cpp" else ["gcc", "-std=gnu11", "-D_GNU_SOURCE"]
