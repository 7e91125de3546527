# SPDX-License-Identifier: MIT
"""Owns: the results as a picture: a dot for each workload and allocator, on a logarithmic scale.

Two panels, CPU time and peak memory, as ratios to glibc (the line at 1). leakgc is the large full dot, with
its number beside the panel; allocators that record nothing are hollow, tools that record are angular.
Transparent ground and colours by the reader's scheme, so it can be read in light and dark.
"""

import math
from html import escape

import stats
from allocators import BASE, OURS

LABEL, PANEL, VALUE, GAP, ROW, TOP = 210, 330, 48, 22, 17, 92
LOW, HIGH = 0.25, 32.0
TICKS = (0.25, 0.5, 1, 2, 4, 8, 16, 32)

STYLE = """
    text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
    .title { font-size: 15px; font-weight: 600 } .group { font-weight: 600 } .soft { fill: #656d76 }
    .mean { font-weight: 600 } .band { fill: #8c959f; opacity: .13 }
    .grid { stroke: #8c959f; opacity: .35 } .one { stroke: #656d76; stroke-width: 1.3 }
    .jemalloc { stroke: #0969da } .mimalloc { stroke: #1a7f37 } .tcmalloc { stroke: #8250df }
    .lsan { stroke: #bc4c00; fill: #bc4c00 } .heaptrack { stroke: #57606a; fill: #57606a }
    .leakgc { stroke: #cf222e; fill: #cf222e } .hollow { fill: none; stroke-width: 1.6 }
    .more { stroke: #656d76; fill: none } text.leakgc { stroke: none; font-weight: 600 }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .soft { fill: #9198a1 } .one { stroke: #9198a1 }
        .jemalloc { stroke: #4493f8 } .mimalloc { stroke: #3fb950 } .tcmalloc { stroke: #ab7df8 }
        .lsan { stroke: #f0883e; fill: #f0883e } .heaptrack { stroke: #b1bac4; fill: #b1bac4 }
        .leakgc { stroke: #ff7b72; fill: #ff7b72 } .hollow { fill: none }
    }
"""


def place(value):
    """Where on the scale, as a part of a panel's width; what is outside sits at the edge."""
    return math.log(min(max(value, LOW), HIGH) / LOW) / math.log(HIGH / LOW)


def mark(x, y, name):
    if name == OURS:
        return f'<circle class="leakgc" cx="{x:.1f}" cy="{y}" r="4.6"/>'
    if name == "heaptrack":
        return f'<rect class="{name}" x="{x - 3.6:.1f}" y="{y - 3.6}" width="7.2" height="7.2"/>'
    if name == "lsan":
        return f'<path class="{name}" d="M{x:.1f} {y - 4.6}l4.6 4.6l-4.6 4.6l-4.6 -4.6z"/>'
    return f'<circle class="{name} hollow" cx="{x:.1f}" cy="{y}" r="3.6"/>'


def label(x, y, text, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'


def rows(results):
    """(kind of row, text, function(allocator, metric) -> ratio or None): titles, workloads, means."""
    for group in (stats.REAL, stats.BOUND_1, stats.BOUND_2, stats.OTHER):
        inside = stats.members(results, (group,))
        if not inside:
            continue
        yield "group", group, None
        for name in inside:
            large = name in stats.members(results, (group,), "rss")
            yield "", name, lambda a, metric, name=name, large=large: (
                stats.ratio(results["workloads"][name], a, metric) if metric != "rss" or large else None)
        if group != stats.OTHER:
            yield "mean", "geometric mean", lambda a, metric, group=group: (
                stats.group_mean(results, (group,), a, metric)[0])


def panel_row(left, y, metric, ratio_of, names, kind):
    parts = []
    for name in sorted(names, key=lambda n: n == OURS):  # ours above the others
        value = ratio_of(name, metric)
        if value is None:
            continue
        x = left + place(value) * PANEL
        parts.append(mark(x, y, name))
        if value > HIGH:
            parts.append(f'<path class="more {name}" d="M{x + 6:.1f} {y - 4}l4 4l-4 4" fill="none"/>')
        if name == OURS:
            parts.append(label(left + PANEL + VALUE, y + 4, f"{value:.2f}", "leakgc " + kind, "end"))
    return parts


def legend(names, y):
    parts, x = [], 14.0
    for name in [n for n in names if n == OURS] + [n for n in names if n != OURS]:
        parts += [mark(x + 6, y - 4, name), label(x + 16, y, name)]
        x += 34 + 7 * len(name)
    return parts


def axes(left, title, bottom):
    parts = [label(left, TOP - 26, title, "group")]
    for tick in TICKS:
        x = left + place(tick) * PANEL
        kind = "one" if tick == 1 else "grid"
        parts.append(f'<line class="{kind}" x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{bottom}"/>')
        parts.append(label(x, TOP - 9, f"{tick:g}", "soft", "middle"))
    return parts


def svg(results):
    names = [a["name"] for a in results["allocators"] if a["name"] != BASE]
    lines = list(rows(results))
    lefts = (LABEL, LABEL + PANEL + VALUE + GAP)
    width, bottom = lefts[1] + PANEL + VALUE + 10, TOP + ROW * len(lines) + 4
    machine = results["machine"]
    body = [label(14, 22, "CPU time and peak memory, compared with glibc alone", "title"),
            *legend(names, 44),
            *axes(lefts[0], "CPU time: times that of glibc (left of 1 is faster)", bottom),
            *axes(lefts[1], "peak memory: programs of 10 MB and more", bottom)]
    for number, (kind, text, ratio_of) in enumerate(lines):
        y = TOP + ROW * number + ROW / 2 + 2
        if kind == "mean":
            body.append(f'<rect class="band" x="8" y="{y - ROW / 2}" width="{width - 16}" height="{ROW}"/>')
        body.append(label(14 if kind == "group" else 28, y + 4, text, kind))
        if ratio_of:
            for left, metric in zip(lefts, ("cpu", "rss")):
                body += panel_row(left, y, metric, ratio_of, names, kind)
    body.append(label(14, bottom + 20, f"Median of {results['rounds']} rounds, {results['date']}; "
                      f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}. "
                      "lsan: GCC's LeakSanitizer; heaptrack: recording only.", "soft"))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + 32}" width="{width}" '
            f'height="{bottom + 32}" role="img" aria-label="CPU time and peak memory of leakgc and others, '
            f'compared with glibc">\n<style>{STYLE}</style>\n' + "\n".join(body) + "\n</svg>\n")
