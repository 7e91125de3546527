# SPDX-License-Identifier: MIT
"""Owns: the short run of the test suite: does every workload run at all, and compute the same?"""

import fnmatch

import measure
import runner


class Smoke:
    """A workload, tiny, under glibc and leakgc: both end well, say the same, and leakgc looked for leaks."""

    def __init__(self, bench, workload, compared):
        self.name, self._bench, self._workload, self._compared = workload.name, bench, workload, compared

    def run(self):
        if self._workload.missing():
            raise runner.Failure(f"not installed: {self._workload.missing()}")
        job = self._workload.job(self._bench, "smoke")
        base, ours = (self._bench.run(job, a, {"LEAKGC_VERBOSE": "1"}) for a in self._compared)
        if base.checksum != ours.checksum and not self._workload.prints_times:
            raise runner.Failure(f"checksums differ: {base.checksum} and {ours.checksum}",
                                 base.output + "---\n" + ours.output)
        if "--- report" not in ours.log:
            raise runner.Failure("no report: leakgc was not there", ours.log)


class Single:
    """A program that the benchmark measures in a way of its own, as a workload."""

    prints_times = True  # or nothing

    def __init__(self, name, *command):
        self.name, self._command = name, command

    def missing(self):
        return None

    def job(self, bench, kind, scale=1.0):
        return measure.Job(tuple(word.format(programs=bench.programs) for word in self._command))


def run(pattern, bench, work, compared):
    singles = [Single("pair", "{programs}/pair", "30", "1000", "1"), Single("true", "/bin/true")]
    work = work + [s for s in singles if fnmatch.fnmatch(s.name, pattern)]
    return runner.run_cases([Smoke(bench, w, compared) for w in work], verbose=True)
