# SPDX-License-Identifier: MIT
"""Owns: from samples to ratios, groups, geometric means and verdicts on the targets.

A ratio to glibc is formed within a round, where both ran one after the other, and the median of the
rounds is taken: slow drifts of a shared machine cancel.

  results = {"workloads": {name: {"group", "allocations", "rate", "samples": {allocator: [sample]},
             "instructions": {allocator: count}, "failed": {allocator: why}}},
             "pair": {depth: {allocator: {"ns": [..], "instructions": n}}}, "true": {allocator: [ms]}, ...}
"""

import math
import statistics

from allocators import BASE, OURS

BOUND_1, BOUND_2 = "allocation-bound, one thread", "allocation-bound, two threads"
OTHER, REAL = "other", "real programs"
GROUPS = (REAL, BOUND_1, BOUND_2, OTHER)
# What is allocation-bound here: million allocations under glibc in a second of CPU time, of all threads
# together (CPU time, because other work on the machine must not move a workload from group to group).
BOUND_RATES = (5.0, 27.0)
LARGE_KIB = 10 * 1000 * 1000 // 1024  # programs from 10 MB on count for memory

METRICS = {"cpu": "CPU time", "wall": "wall time", "rss": "peak memory", "instructions": "instructions"}


def group_of(workload, rate):
    """By what was measured: a workload that allocates too seldom or does nothing else is `other`."""
    if workload.is_real:
        return REAL
    if not BOUND_RATES[0] <= rate <= BOUND_RATES[1]:
        return OTHER
    return BOUND_1 if workload.threads == 1 else BOUND_2


def geomean(values):
    values = [v for v in values if v is not None]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def base_value(entry, metric):
    """glibc's median in the metric's own unit, or None."""
    if metric == "instructions":
        return entry.get("instructions", {}).get(BASE)
    samples = entry["samples"].get(BASE, [])
    return statistics.median(s[metric] for s in samples) if samples else None


def ratio(entry, allocator, metric):
    """The median ratio to glibc, or None if there is none."""
    if allocator in entry.get("failed", {}):
        return None
    if metric == "instructions":
        ours, base = (entry.get("instructions", {}).get(a) for a in (allocator, BASE))
        return ours / base if ours and base else None
    pairs = zip(entry["samples"].get(allocator, []), entry["samples"].get(BASE, []))
    ratios = [a[metric] / b[metric] for a, b in pairs if b[metric]]
    return statistics.median(ratios) if ratios else None


def members(results, groups, metric="cpu"):
    """Names of the workloads of these groups, in their order; for memory only the large ones."""
    return [name for name, entry in results["workloads"].items() if entry["group"] in groups
            and (metric != "rss" or (base_value(entry, "rss") or 0) >= LARGE_KIB)]


def group_mean(results, groups, allocator, metric):
    """(geometric mean, worst ratio, its workload); None where a workload lacks a value."""
    found = [(ratio(results["workloads"][n], allocator, metric), n) for n in members(results, groups, metric)]
    known = [(r, n) for r, n in found if r is not None]
    if not known or len(known) < len(found):
        return None, None, None
    return (geomean(r for r, _ in known), *max(known))


class Target:
    def __init__(self, what, limit, value, unit="", note=""):
        self.what, self.limit, self.value, self.unit, self.note = what, limit, value, unit, note

    def verdict(self):
        return "not measured" if self.value is None else "met" if self.value <= self.limit else "missed"


def targets(results):
    """What we hold ourselves to, with what was measured for leakgc."""
    made = []

    def means(what, groups, metric, mean_limit, worst_limit):
        mean, worst, name = group_mean(results, groups, OURS, metric)
        made.append(Target(f"{what}, geometric mean", mean_limit, mean))
        made.append(Target(f"{what}, worst", worst_limit, worst, note=name or ""))

    means("CPU time of real programs", (REAL,), "cpu", 0.98, 1.10)
    means("CPU time, allocation-bound", (BOUND_1, BOUND_2), "cpu", 0.95, 1.50)
    means("peak memory of 10 MB and more", GROUPS, "rss", 1.10, 1.35)
    for depth, limit in (("5", 15), ("15", 20), ("30", 30)):
        samples = results["pair"].get(depth, {}).get(OURS, {}).get("ns")
        made.append(Target(f"malloc and free of 64 bytes, {depth} frames", limit,
                           statistics.median(samples) if samples else None, " ns"))
    made.append(Target("start and end of /bin/true, extra CPU", 0.7, extra_of_true(results, OURS), " ms"))
    return made


def extra_of_true(results, allocator, average=statistics.median):
    """CPU ms more than with glibc alone."""
    ours, base = (results["true"].get(a) for a in (allocator, BASE))
    return average(ours) - average(base) if ours and base else None
