# SPDX-License-Identifier: MIT
"""Owns: the files with the results: table.txt, results.json, chart.svg; and the committed copies of them."""

import json
import os
import shutil
import statistics

import chart
import stats
import table
from allocators import BASE

FILES = ("table.txt", "results.json", "chart.svg")


def write(results, folder):
    """Writes all three; returns the table."""
    results["summary"] = summary(results)
    os.makedirs(folder, exist_ok=True)
    texts = (table.text(results), compact(results), chart.svg(results))
    for name, text in zip(FILES, texts):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    return texts[0]


def read(folder):
    try:
        with open(os.path.join(folder, "results.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        raise SystemExit(f"{folder}: no results; run tests/bench/run first") from None


def publish(folder, target):
    """The committed copies are those of a whole run only."""
    if not read(folder)["whole"]:
        raise SystemExit("the last run was not a whole one, or failed: nothing published")
    os.makedirs(target, exist_ok=True)
    for name in FILES:
        shutil.copy(os.path.join(folder, name), os.path.join(target, name))
    print(f"{', '.join(FILES)} copied to tests/bench/results")


def summary(results):
    """What the table shows, for programs."""
    names = [a["name"] for a in results["allocators"] if a["name"] != BASE]
    ratios = {name: {metric: {a: rounded(stats.ratio(entry, a, metric)) for a in names}
                     for metric in stats.METRICS} for name, entry in results["workloads"].items()}
    means = {group: {metric: {a: rounded(stats.group_mean(results, (group,), a, metric)[0]) for a in names}
                     for metric in stats.METRICS} for group in stats.GROUPS}
    return {"ratios": ratios, "geometric means": means,
            "pair ns": {depth: {a: rounded(statistics.median(c["ns"])) for a, c in cell.items() if c["ns"]}
                        for depth, cell in results["pair"].items()},
            "true extra ms": {a: rounded(stats.extra_of_true(results, a)) for a in names},
            "targets": [{"what": t.what, "at most": t.limit, "is": rounded(t.value), "verdict": t.verdict()}
                        for t in stats.targets(results)]}


def rounded(value):
    return None if value is None else round(value, 3)


def compact(results):
    """JSON with one line for each list."""
    lines, inside = [], False
    for line in json.dumps(results, indent=1).splitlines():
        words = line.strip()
        if inside:
            lines[-1] += words + (" " if words.endswith(",") else "")
        else:
            lines.append(line)
        inside = words.endswith("[") or (inside and not words.startswith("]"))
    return "\n".join(lines) + "\n"
