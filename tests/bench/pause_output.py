# SPDX-License-Identifier: MIT
"""Owns: the results of tests/bench/pause as text, JSON and a picture.

results: {"shapes": {name: {"options", "failed": {method: why}, "runs": {method: {"alone": gaps, "felt": gaps,
"scans": [words of the scan log], "forks": [us], "check": {...}, "rss_gib", "load", "faults"}}}}, ...}
"""

import json
import math
import os
import statistics

import chart

FILES = ("pause.txt", "pause.json", "pause.svg")
LABELS = {"none": "no library", "lsan": "LeakSanitizer"}
# In the chart, the marks and colours of chart.py.
MARKS = {"concurrent": "leakgc", "fork": "jemalloc", "stop": "tcmalloc", "lsan": "lsan", "fork()": "heaptrack"}
LOW, HIGH, WIDTH, LEFT, TOP, ROW = 0.01, 1e5, 620, 110, 92, 22


def live_scans(run):
    return [s for s in run.get("scans", []) if s.get("cause") != "exit" and "stop_us" in s]


def ms(us):
    if us is None:
        return "-"
    value = us / 1000
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def stops(run):
    """(longest, median) stop of the scans in us, by the library's own word."""
    found = [s["stop_us"] for s in live_scans(run)]
    return (max(found), statistics.median(found)) if found else (None, None)


def cells(words, widths):
    return "".join(f"{word:>{width}}" if width > 0 else f"  {word:<{-width}}" for word, width in zip(words, widths))


WIDTHS = (-9, -13, 6, 10, 10, 9, 10, 10, 10, 11, 15, 8, 7, -40)
HEAD = (("", "", "", "longest", "median", "scan", "gap ms:", "without", "99.99 %", "total in", "gap ms:", "dirty", "", ""),
        ("shape", "method", "scans", "stop ms", "stop ms", "s", "longest", "waits", "of time", ">0.1ms, %", "left alone",
         "pages", "load", "method used, why; notes"))


def row(name, method, run):
    scans, felt, alone = live_scans(run), run["felt"], run["alone"]
    longest, middle = stops(run)
    ways = sorted({f"{s.get('method')}: {s.get('why')}" for s in scans})
    notes = list(ways)
    if run.get("check"):
        longest = middle = run["check"].get("check_us")
    if run.get("forks"):
        notes.append("fork() " + "/".join(ms(f) for f in run["forks"]) + " ms, "
                     f"{min(run['forks']) / 1000 / run['rss_gib']:.1f} ms per GiB")
    tries = sum(s.get("tries", 0) for s in scans)
    if tries:
        notes.append(f"{tries:g} stops given up")
    seconds = statistics.median(s.get("mark_us", 0) for s in scans) / 1e6 if scans else None
    return cells((name, LABELS.get(method, method), len(scans) or "", ms(longest), ms(middle),
                  "-" if seconds is None else f"{seconds:.2f}", ms(felt["max_us"]), ms(felt["slept_us"]),
                  ms(felt["p9999_us"]), f"{felt['over_us'] / felt['seconds'] / 1e4:.3f}",
                  f"{ms(alone['max_us'])}|{ms(alone['slept_us'])}",
                  f"{max(s.get('dirty_pages', 0) for s in scans):g}" if scans else "-", f"{run['load']:g}",
                  "; ".join(notes)), WIDTHS)


def judged(results):
    """(what, ms, limit) of each target that was measured."""
    limits = results["limits"]
    for name, entry in results["shapes"].items():
        threads, run = entry["options"]["threads"], entry["runs"].get("concurrent")
        if run and stops(run)[0] is not None and name != "writing":
            limit = limits["stop"] if threads <= 16 else limits["many"]
            yield f"{name}, {threads} threads: longest stop of a live scan, ms", stops(run)[0] / 1000, limit
        run = entry["runs"].get("fork")
        if run and entry["options"].get("small") and stops(run)[0] is not None:
            yield f"{name}: longest stop of a fork snapshot, ms per GiB", stops(run)[0] / 1000 / run["rss_gib"], limits["fork"]


def text(results):
    machine = results["machine"]
    lines = [f"leakgc: stops of a running program, {results['date']}",
             f"{machine['cpu']}, {machine['cores']} cores, {machine['memory']}, {machine['system']}; load average "
             f"{results['load before']:g} before, {results.get('load after', 0):g} after; nice {results['nice']}", ""]
    lines.append("Targets")
    for what, value, limit in judged(results):
        lines.append(f"    {what:64}{value:10.3f}  at most {limit:<4g}{'met' if value <= limit else 'MISSED'}")
    lines += ["", "Stops by the scan log (of LeakSanitizer: its check, as the caller saw it); gaps by a thread that only",
              "reads the clock. `without waits`: less what that thread waited for a processor, which is the machine's",
              "load; it still holds what the thread that scans waited. `left alone`: gaps before the first scan,",
              "longest|without waits.", ""]
    lines += [cells(head, WIDTHS) for head in HEAD]
    for name, entry in results["shapes"].items():
        lines += [row(name, method, run) for method, run in entry["runs"].items()]
        lines += [cells((name, LABELS.get(m, m), "", why.replace("\n", " ")[:100]), (-9, -13, 6, -100))
                  for m, why in entry["failed"].items()]
    faults = [f"    {name}, {method}: {fault}" for name, entry in results["shapes"].items()
              for method, run in entry["runs"].items() for fault in run["faults"]]
    shapes = [f"    {name:10}" + " ".join(f"{k}={v}" for k, v in entry["options"].items())
              for name, entry in results["shapes"].items()]
    lines = [line.rstrip() for line in lines]
    return "\n".join(lines + ["", "Shapes"] + shapes + (["", "Scans that went wrong"] + faults if faults else [])) + "\n"


def place(us):
    value = min(max(us / 1000, LOW), HIGH)
    return LEFT + WIDTH * math.log(value / LOW) / math.log(HIGH / LOW)


def points(entry):
    """(what, us) for the chart."""
    for method, run in entry["runs"].items():
        if method == "none":
            yield "fork()", min(run["forks"])
        elif method == "lsan":
            yield "lsan", run["check"].get("check_us", 0)
        elif stops(run)[0] is not None:
            yield method, stops(run)[0]


def svg(results):
    names, bottom = list(results["shapes"]), TOP + ROW * len(results["shapes"]) + 4
    body = [chart.label(14, 22, "The longest stop of a running program that is searched for leaks", "title")]
    x = 14.0
    for what, kind in MARKS.items():
        word = {"fork()": "a fork() of its own", "lsan": "LeakSanitizer", "concurrent": "leakgc, concurrent",
                "fork": "leakgc, fork", "stop": "leakgc, stop"}[what]
        body += [chart.mark(x + 6, 40, kind), chart.label(x + 16, 44, word)]
        x += 40 + 6.6 * len(word)
    for power in range(-2, 6):
        tick = 10.0 ** power
        at = place(tick * 1000)
        shown = f"{tick:g} ms" if tick < 1000 else f"{tick / 1000:g} s"
        body += [f'<line class="{"one" if tick == 1 else "grid"}" x1="{at:.1f}" y1="{TOP - 4}" x2="{at:.1f}" '
                 f'y2="{bottom}"/>', chart.label(at, TOP - 9, shown, "soft", "middle")]
    for number, name in enumerate(names):
        y = TOP + ROW * number + ROW / 2
        body.append(chart.label(14, y + 4, name))
        for what, us in sorted(points(results["shapes"][name]), key=lambda point: point[0] == "concurrent"):
            body.append(chart.mark(place(us), y, MARKS[what]))
    machine = results["machine"]
    body.append(chart.label(14, bottom + 20, f"{results['date']}; {machine['cpu']}, {machine['cores']} cores, "
                            f"{machine['system']}; load {results['load before']:g} to "
                            f"{results.get('load after', 0):g}.", "soft"))
    width, height = LEFT + WIDTH + 40, bottom + 32
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-label="Longest stops of a program that is searched for leaks">\n'
            f"<style>{chart.STYLE}</style>\n" + "\n".join(body) + "\n</svg>\n")


def write(results, folder):
    """Writes all three; returns the table."""
    os.makedirs(folder, exist_ok=True)
    texts = (text(results), json.dumps(results, indent=1) + "\n", svg(results))
    for name, content in zip(FILES, texts):
        with open(os.path.join(folder, name), "w") as file:
            file.write(content)
    return texts[0]
