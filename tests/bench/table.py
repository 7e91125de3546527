# SPDX-License-Identifier: MIT
"""Owns: the results as text."""

import statistics

import stats
from allocators import BASE

COLUMN = 11


def number(value):
    if value is None:
        return "-"
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def amount(value, metric):
    """glibc's own figure, in a readable unit."""
    if value is None:
        return "-"
    if metric == "rss":
        return f"{value * 1024 / 1e6:.1f} MB"
    return f"{value / 1e6:.0f} M" if metric == "instructions" else f"{value:.2f} s"


def cells(words):
    return "".join(f"{w:>{COLUMN}}" for w in words)


def metric_part(results, metric, names):
    title = f"{stats.METRICS[metric]}: ratio to glibc"
    if metric == "instructions":
        if not any(e.get("instructions") for e in results["workloads"].values()):
            return []
        title += f" ({results['instructions by']})"
    if metric == "rss":
        title += " (means: of programs of 10 MB and more)"
    lines = [title, f"{'':32}" + cells(["glibc", *names])]
    for group in stats.GROUPS:
        inside = stats.members(results, (group,))
        if not inside:
            continue
        lines.append(f"{group}")
        for name in inside:
            entry = results["workloads"][name]
            row = ["failed" if a in entry.get("failed", {}) else number(stats.ratio(entry, a, metric))
                   for a in names]
            rate = f"{entry['rate']:.1f} M/s" if entry.get("rate") else ""
            base = amount(stats.base_value(entry, metric), metric)
            lines.append(f"    {name:14}{rate:>12}  " + cells([base, *row]))
        if group != stats.OTHER:
            means = [stats.group_mean(results, (group,), a, metric)[0] for a in names]
            if any(m is not None for m in means):
                lines.append(f"    {'geometric mean':28}" + cells(["", *map(number, means)]))
    return lines + [""]


def pair_part(results, names):
    if not results["pair"]:
        return []
    lines = ["malloc(64) and free: cost of one pair by frames of the call stack",
             f"{'':32}" + cells([BASE, *names])]
    for depth, cell in results["pair"].items():
        for what in ("median ns", "best ns", "instructions"):
            row = []
            for name in [BASE, *names]:
                got = cell.get(name, {})
                ns = got.get("ns")
                value = {"median ns": ns and statistics.median(ns), "best ns": ns and min(ns),
                         "instructions": got.get("instructions")}[what]
                row.append("-" if not value else f"{value:.0f}" if value >= 100 else f"{value:.1f}")
            lines.append(f"    {depth + ' frames':12}{what:>14}  " + cells(row))
    return lines + [""]


def true_part(results, names):
    if not results["true"]:
        return []
    runs = len(next(iter(results["true"].values())))
    lines = [f"start and end of /bin/true: CPU ms more than with glibc alone ({runs} runs each)",
             f"{'':43}" + cells(names)]
    for what, average in (("median", statistics.median), ("mean", statistics.fmean)):
        extra = [stats.extra_of_true(results, a, average) for a in names]
        lines.append(f"    {what:39}" + cells(map(number, extra)))
    return lines + [""]


def targets_part(results):
    lines = ["Targets of leakgc (ratios: to glibc)"]
    for target in stats.targets(results):
        value = "-" if target.value is None else f"{target.value:.2f}{target.unit}"
        note = f"  ({target.note})" if target.note else ""
        lines.append(f"    {target.what:44}{value:>12}  at most {target.limit:<6g}{target.unit:4}"
                     f"{target.verdict()}{note}")
    return lines + [""]


def head(results):
    machine = results["machine"]
    versions = ", ".join(f"{a['name']} {a['version']}".strip() for a in results["allocators"])
    lines = [f"leakgc benchmarks, {results['date']}", f"{machine['cpu']}, {machine['cores']} cores, "
             f"{machine['memory']}, {machine['system']}", versions,
             f"{results['rounds']} rounds, scale {results['scale']:g}; load average "
             f"{machine['load before']} before, {machine['load after']} after"]
    if results["missing"]:
        lines.append("left out, not installed: " + ", ".join(results["missing"]))
    return lines + [""]


def failures_part(results):
    lines = [f"    {name} under {allocator}: {why}" for name, entry in results["workloads"].items()
             for allocator, why in entry.get("failed", {}).items()]
    return ["Failed"] + lines + [""] if lines else []


def text(results):
    names = [a["name"] for a in results["allocators"] if a["name"] != BASE]
    lines = head(results) + failures_part(results) + targets_part(results)
    for metric in stats.METRICS:
        lines += metric_part(results, metric, names)
    lines += pair_part(results, names) + true_part(results, names)
    return "\n".join(lines)
