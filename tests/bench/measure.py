# SPDX-License-Identifier: MIT
"""Owns: running a program once under one allocator, and what it cost (a Sample).

Each run has an empty folder of its own (`scratch`). The figures come from measure.c; see there for what
they hold. `wall` of a server is the time that its client took.
"""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from typing import NamedTuple, Optional

import runner  # tests/lib

TIME_LIMIT = 300  # seconds, for one run
CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")


class Sample(NamedTuple):
    wall: float  # seconds
    cpu: float  # seconds, user and system, all descendants
    rss: int  # KiB
    instructions: Optional[int]  # by the kernel's counter, None where there is none
    checksum: str
    output: str  # the beginning of stdout
    log: str  # what leakgc said about itself, and where its reports were


class Job(NamedTuple):
    """What is to be run: a command, or with `drive` a server and what its client does."""

    command: tuple
    environment: dict = {}
    stdin: str = os.devnull
    preload_after: tuple = ()  # more libraries to preload, after the allocator's
    drive: object = None  # function(scratch) -> text that counts for the checksum


class Bench:
    """Where the programs are, and where runs take place."""

    def __init__(self, build, programs, root):
        self.build, self.programs, self.root = build, programs, root

    def run(self, job, allocator, more=None, instructions=False):
        """A Sample; raises runner.Failure if the program did not end well.

        With `instructions` it runs under callgrind, which counts them; its times mean nothing.
        """
        scratch = tempfile.mkdtemp(dir=self.root)
        try:
            return self._run(job, allocator, more or {}, instructions, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _run(self, job, allocator, more, instructions, scratch):
        variables = {**job.environment, **allocator.environment, **more}
        if instructions:
            variables.update(allocator.counted)
        shim = allocator.shim and os.path.join(self.programs, allocator.shim)
        preload = [p for p in (shim, allocator.library, *job.preload_after) if p]
        if preload:
            variables["LD_PRELOAD"] = ":".join(preload)
        words = [key + "=" + value.replace("{scratch}", scratch) for key, value in variables.items()]
        command = [word.replace("{scratch}", scratch) for word in job.command]
        counts = os.path.join(scratch, "callgrind")
        if instructions:  # valgrind's own launcher has the library preloaded too, and is not counted
            command = [*CALLGRIND, "--log-file=" + counts + ".%p", *command]
        result = os.path.join(scratch, "result")
        wall, driven = self._execute(
            [os.path.join(self.programs, "measure"), result, *words, "--", *command], job, scratch)
        wall_ns, cpu_us, rss, counted, status = map(int, read(result).split())
        stderr = read(os.path.join(scratch, "stderr"))
        if status != 0:
            ended = f"signal {-status}" if status < 0 else f"status {status}"
            raise runner.Failure(f"ended with {ended}", stderr[-2000:])
        if "cannot be preloaded" in stderr:
            raise runner.Failure("the library was not preloaded", stderr[-2000:])
        if instructions:
            counted = callgrind_total(counts)
        with open(os.path.join(scratch, "stdout"), "rb") as file:
            output = file.read()
        digest = hashlib.sha256(driven.encode() if job.drive else output).hexdigest()[:16]
        return Sample(wall if job.drive else wall_ns / 1e9, cpu_us / 1e6, rss,
                      counted if counted >= 0 else None, digest, output[:4000].decode(errors="replace"),
                      self._said(scratch))

    def _execute(self, command, job, scratch):
        with open(job.stdin, "rb") as stdin, open(os.path.join(scratch, "stdout"), "wb") as out, \
                open(os.path.join(scratch, "stderr"), "wb") as err:
            process = subprocess.Popen(command, stdin=stdin, stdout=out, stderr=err, cwd=scratch,
                                       env=runner.clean_environment(), start_new_session=True)
        try:
            begin, wall, driven = time.monotonic(), 0.0, ""
            if job.drive:
                wall, driven = job.drive(scratch)
            process.wait(max(TIME_LIMIT - (time.monotonic() - begin), 1))
        except subprocess.TimeoutExpired:
            raise runner.Failure(f"still running after {TIME_LIMIT} s") from None
        except OSError as error:  # the server has died
            raise runner.Failure(f"the client failed: {error}") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode != 0:
            raise runner.Failure("measure failed", read(os.path.join(scratch, "stderr")))
        return wall, driven

    @staticmethod
    def _said(scratch):
        names = sorted(n for n in os.listdir(scratch) if n.startswith(("report.", "log.")))
        return "".join(f"--- {n.split('.')[0]}\n{read(os.path.join(scratch, n))}" for n in names)


def read(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def callgrind_total(prefix):
    """Of all processes that ran under it."""
    folder, name = os.path.split(prefix)
    logs = [read(os.path.join(folder, n)) for n in os.listdir(folder) if n.startswith(name + ".")]
    totals = [int(n) for log in logs for n in re.findall(r"Collected : (\d+)", log)]
    if not totals:
        raise runner.Failure("callgrind can't run it", "\n".join(logs)[-2000:])
    return sum(totals)


def connect(path, seconds=30):
    """A connection to the unix socket at `path` of a server that is starting."""
    give_up = time.monotonic() + seconds
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            connection.settimeout(TIME_LIMIT)
            return connection
        except OSError:
            connection.close()
            if time.monotonic() > give_up:
                raise runner.Failure("the server does not answer") from None
            time.sleep(0.005)
