# SPDX-License-Identifier: MIT
"""Owns: the cases of tests/real, played once over the verify build.

What is judged here is the stacks only: that the programs behave and what they leak is judged by tests/real.
A step that takes far longer than plainly is normal: each stack is unwound twice, once slowly.
"""

import importlib.machinery
import importlib.util
import os
import shutil
import tempfile

import harness  # tests/real
import known_errors
import runner  # tests/lib
import verdict

SLOWER = 6  # each time limit of tests/real is so many times longer

# For `make check`: few seconds each, and as different as can be. The others by --all.
SHORT = ("sh", "bash", "make", "openmp", "tar-xz", "nginx-single", "git", "zstd-gzip", "control")
# Constructors of libraries run before libunwind is opened; curl allocates a quarter of its blocks there.
UNCOMPARED = 0.4
# A program that exports a malloc of its own, and takes nothing from the library.
SILENT = ("own-malloc-exported",)


def discover(folder, build, everything):
    path = os.path.join(runner.TESTS, "real", "run")
    loader = importlib.machinery.SourceFileLoader("real_run", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("real_run", loader))
    loader.exec_module(module)
    harness.STEP_SECONDS *= SLOWER
    harness.PASS_SECONDS *= SLOWER
    harness.STOP_SECONDS *= SLOWER
    return [Case(module, case, folder, build) for case in module.load_cases()
            if case.needs and (everything or case.name in SHORT)]


class Folder:
    """A scratch folder for all cases, removed afterwards."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="leakgc-exact-")
        return self

    def __exit__(self, *_):
        harness.Stage.close_all()
        shutil.rmtree(self.path, ignore_errors=True)


class Case:
    def __init__(self, module, case, folder, build):
        self.name = "real/" + case.name
        self._module, self._case, self._folder, self._build = module, case, folder, build

    def run(self):
        missing = harness.missing_programs(self._case.needs)
        if missing:
            raise runner.Failure("not installed: " + ", ".join("%s (Debian package %s)" % m for m in missing))
        root = harness.Path(self._folder.path) / self._case.name
        logs = root / "logs"
        logs.mkdir(parents=True)
        played = self._module.Pass(self._case.scenario, root, {
            "LD_PRELOAD": runner.library_path(self._build), "LEAKGC_LOG": str(logs / "%e.%p"),
            "LEAKGC_REPORT": str(root / "report.%e.%p"), "LEAKGC_SYMBOLIZE": "0"})
        text = "".join(p.read_text(errors="backslashreplace") for p in sorted(logs.iterdir()))
        found = verdict.Verdict(known_errors.without_known(self.name, text + "".join(played.stderr)))
        if played.failure and not found.differences:
            raise runner.Failure(*played.failure)
        found.require(captures=0 if self._case.name in SILENT else 1, uncompared=UNCOMPARED)
