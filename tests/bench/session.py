# SPDX-License-Identifier: MIT
"""Owns: one whole measurement: what runs in which order, and the results as they come in (see stats.py)."""

import concurrent.futures
import contextlib
import fnmatch
import os
import platform
import shutil
import statistics
import sys
import time

import allocators
import measure
import real
import runner
import stats

PAIR_DEPTHS, PAIRS, PAIR_REPEATS = (5, 15, 30), 300000, 5
TRUE_RUNS = 200


def tell(text):
    """Progress, for a person who waits."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


class Session:
    """One whole measurement: what is run, and the results as they come in."""

    def __init__(self, args, bench, chosen, compared, missing, save):
        self.args, self.bench, self.compared, self.save = args, bench, compared, save
        self.work = []
        for workload in chosen:
            if workload.missing():
                missing.append(f"{workload.name} ({workload.missing()})")
            else:
                self.work.append(workload)
        self.results = {"date": time.strftime("%Y-%m-%d"), "machine": machine(), "rounds": args.rounds,
                        "scale": args.scale, "missing": missing, "instructions by": None,
                        "allocators": [{"name": a.name, "version": a.version} for a in compared],
                        "workloads": {}, "pair": {}, "true": {}, "whole": False}

    def measure(self):
        for workload in self.work:
            self.time_workload(workload)
            self.save(self.results)  # a run that is stopped has not been for nothing
        if fnmatch.fnmatch("pair", self.args.only):
            self.time_pairs()
        if fnmatch.fnmatch("true", self.args.only):
            self.time_true()
        if not self.args.no_instructions:
            self.count_instructions()
        self.results["machine"]["load after"] = load()
        tell("")
        return self.results

    def in_turn(self, round_number):
        """The allocators, each round beginning with another one."""
        first = round_number % len(self.compared)
        return self.compared[first:] + self.compared[:first]

    def time_workload(self, workload):
        job = workload.job(self.bench, "full", self.args.scale)
        entry = {"samples": {a.name: [] for a in self.compared}, "failed": {}, "instructions": {}}
        try:
            allocations, checksum = self.count_allocations(job)
        except runner.Failure as why:
            allocations, checksum, entry["failed"] = 0, "", {a.name: str(why) for a in self.compared}
        for number in range(self.args.rounds):
            for allocator in self.in_turn(number):
                tell(f"{workload.name}: round {number + 1} of {self.args.rounds}, {allocator.name}")
                if allocator.name not in entry["failed"]:
                    self.take_sample(job, allocator, entry, checksum)
        cpu = stats.base_value(entry, "cpu")
        entry["allocations"] = allocations
        entry["rate"] = round(allocations * workload.threads / cpu / 1e6, 2) if cpu else 0.0
        entry["group"] = stats.group_of(workload, entry["rate"])
        self.results["workloads"][workload.name] = entry

    def take_sample(self, job, allocator, entry, checksum):
        try:
            sample = self.bench.run(job, allocator)
            if sample.checksum != checksum:
                raise runner.Failure(f"differs: {sample.checksum}, not {checksum}")
        except runner.Failure as why:
            entry["failed"][allocator.name] = str(why)
            return
        kept = {"wall": round(sample.wall, 6), "cpu": sample.cpu, "rss": sample.rss}
        if sample.instructions is not None:
            kept["instructions"] = sample.instructions
        entry["samples"][allocator.name].append(kept)

    def count_allocations(self, job):
        """(number of allocations, checksum), by a run that is not timed."""
        counter = allocators.Allocator("counter", (), "", {"BENCH_COUNT": self.bench.root + "/count"},
                                       library=os.path.join(self.bench.programs, "counter.so"))
        sample = self.bench.run(job, counter)
        return int(measure.read(self.bench.root + "/count") or 0), sample.checksum

    def time_pairs(self):
        program = os.path.join(self.bench.programs, "pair")
        for depth in PAIR_DEPTHS:
            cell = self.results["pair"][str(depth)] = {a.name: {"ns": []} for a in self.compared}
            pairs = max(int(PAIRS * self.args.scale), 1000)
            job = measure.Job((program, str(depth), str(pairs), str(PAIR_REPEATS)))
            for number in range(self.args.rounds):
                for allocator in self.in_turn(number):
                    tell(f"pair at {depth} frames: round {number + 1}, {allocator.name}")
                    with contextlib.suppress(runner.Failure):  # then it has no figure
                        output = self.bench.run(job, allocator).output
                        cell[allocator.name]["ns"] += map(float, output.split())

    def time_true(self):
        job = measure.Job((real.program("true"),))
        times = self.results["true"] = {a.name: [] for a in self.compared}
        for number in range(max(int(TRUE_RUNS * min(self.args.scale, 1)), 1)):
            tell(f"true: run {number + 1}")
            for allocator in self.in_turn(number):
                with contextlib.suppress(runner.Failure):
                    times[allocator.name].append(round(self.bench.run(job, allocator).cpu * 1000, 3))

    def count_instructions(self):
        samples = [s for e in self.results["workloads"].values() for s in e["samples"][allocators.BASE]]
        if samples and all("instructions" in s for s in samples):
            self.results["instructions by"] = "of whole runs, by the kernel's counter"
            for entry in self.results["workloads"].values():
                entry["instructions"] = {name: statistics.median(s["instructions"] for s in kept)
                                         for name, kept in entry["samples"].items() if kept}
        elif shutil.which("valgrind"):
            self.results["instructions by"] = "what a run of twice the size has more, under callgrind"
            for workload in self.work:
                jobs = [workload.job(self.bench, kind) for kind in ("counted", "counted twice")]
                entry = self.results["workloads"][workload.name]["instructions"]
                tell(f"instructions: {workload.name}")
                with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:  # no times here
                    counts = list(pool.map(lambda a, jobs=jobs: self.growth(jobs, a), self.compared))
                entry.update((a.name, c) for a, c in zip(self.compared, counts) if c)
                self.save(self.results)
        else:
            return
        self.count_pairs()

    def growth(self, jobs, allocator):
        """Instructions that the second job takes more than the first; None if that can't be known."""
        if not allocator.counts:
            return None
        try:
            first, second = (self.bench.run(job, allocator, instructions=True) for job in jobs)
        except runner.Failure:
            return None
        return second.instructions - first.instructions

    def count_pairs(self):
        program = os.path.join(self.bench.programs, "pair")
        for depth, cell in self.results["pair"].items():
            jobs = [measure.Job((program, depth, str(pairs), "1")) for pairs in (10000, 20000)]
            for allocator in self.compared:
                more = self.growth(jobs, allocator)
                cell[allocator.name]["instructions"] = more / 10000 if more else None


def machine():
    names = [line.split(":", 1)[1].strip() for line in measure.read("/proc/cpuinfo").splitlines()
             if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {"cpu": names[0] if names else platform.machine(), "cores": len(os.sched_getaffinity(0)),
            "memory": f"{memory:.0f} GB", "system": f"Linux {platform.release()}",
            "load before": load(), "load after": ""}


def load():
    return f"{os.getloadavg()[0]:.1f}"
