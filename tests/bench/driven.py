# SPDX-License-Identifier: MIT
"""Owns: a running workload that is told what to do by lines, and scanned meanwhile."""

import os
import re
import signal
import subprocess
import time

import runner


class Failed(Exception):
    pass


def pairs(line):
    """KEY=VALUE words; numbers where they are."""
    found = dict(word.split("=", 1) for word in line.split() if "=" in word)
    return {key: float(value) if re.fullmatch(r"-?[0-9.]+", value) else value for key, value in found.items()}


class Program:
    """A running workload, told what to do by lines."""

    def __init__(self, command, environment, nice, scratch, limit):
        self.log, self._errors = os.path.join(scratch, "scans"), os.path.join(scratch, "stderr")
        self._limit, self._seen = limit, 0
        with open(self._errors, "w") as errors:
            self._process = subprocess.Popen(
                command, env=runner.clean_environment(**environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True, preexec_fn=lambda: os.nice(nice) if nice else None)
        self._alarm(self.answer)  # ready

    def _alarm(self, function):
        """A program that hangs is ended, and what waits for it fails."""
        signal.signal(signal.SIGALRM, lambda *_: self._process.kill())
        signal.alarm(int(self._limit))
        try:
            return function()
        finally:
            signal.alarm(0)

    def answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise Failed(f"ended, or hung, with status {self._process.wait()}: {self.errors()[-800:]}")
        return pairs(line)

    def ask(self, word):
        def talk():
            self._process.stdin.write(word + "\n")
            self._process.stdin.flush()
            return self.answer()
        try:
            return self._alarm(talk)
        except BrokenPipeError:
            raise Failed(f"ended with status {self._process.wait()}: {self.errors()[-800:]}") from None

    def errors(self):
        with open(self._errors, errors="replace") as file:
            return file.read()

    def _status(self, key):
        with open(f"/proc/{self._process.pid}/status") as file:
            return int(re.search(key + r":\s+(\d+)", file.read()).group(1)) / 2**20

    def resident(self):
        """GiB."""
        return self._status("VmRSS")

    def forget_peak(self):
        with open(f"/proc/{self._process.pid}/clear_refs", "w") as file:
            file.write("5")

    def peak(self):
        """GiB, of resident memory since forget_peak."""
        return self._status("VmHWM")

    def lines(self):
        try:
            with open(self.log) as file:
                return [pairs(line) for line in file.read().split("\n")[:-1]]
        except FileNotFoundError:
            return []

    def scan(self):
        """Has it scanned; what the library says of it."""
        self._process.send_signal(signal.SIGUSR2)
        end = time.monotonic() + self._limit
        while len(self.lines()) <= self._seen:
            if self._process.poll() is not None or time.monotonic() > end:
                raise Failed(f"no scan: {self.errors()[-800:]}")
            time.sleep(0.02)
        self._seen += 1
        return self.lines()[self._seen - 1]

    def finish(self):
        """Lets it end; the scan at the end is the last of the log."""
        self._process.stdin.close()
        try:
            status = self._process.wait(self._limit)
        except subprocess.TimeoutExpired:
            raise Failed("does not end") from None
        if status:
            raise Failed(f"status {status}: {self.errors()[-800:]}")
        return self.lines()[self._seen:]

    def kill(self):
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()
