# SPDX-License-Identifier: MIT
"""`leakgc diff`: what is new, grown, shrunk and gone between two report files, and the exit status."""
import json
import os
import pty
import re
import subprocess

import harness
import lgcfile
import schema
from harness import Source, check, command, directory, equal

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLACES = {"one": 2, "two": 3, "three": 4, "four": 5, "five": 6}


def made(folder, name, *sites, base=0x400000, **info):
    """A report with sites (kind, place, bytes, blocks); its module, in no file, begins at `base`."""
    report = lgcfile.Report(**info).module("app", base, base + 0x100000, base).frame(1, 0, base + 0x1000, 0)
    for place, identity in PLACES.items():
        report.frame(identity, 1, base + 0x1000 * identity, 0)
    for kind, place, size, blocks in sites:
        report.site(kind, PLACES.get(place, 0), size, blocks)
    return report.write(os.path.join(folder, name))


def pair(name):
    """one has grown, two shrunk, three is gone, four new, five changed its kind only; elsewhere in memory."""
    folder = directory("diff " + name)
    before = made(folder, "before.lgc", ("definite", "one", 100, 1), ("definite", "two", 1000, 10),
                  ("definite", "three", 300, 3), ("indirect", "five", 50, 5))
    after = made(folder, "after.lgc", ("definite", "four", 12345, 6), ("definite", "two", 400, 4),
                 ("definite", "one", 150, 2), ("definite", "five", 20, 2), ("indirect", "five", 30, 3), base=0x7F0000000000)
    return before, after


def changes(*words):
    """{change: [(offset of the innermost frame, bytes before, after, blocks before, after)]}, exit status."""
    status, out, err = command("diff", "--format", "json", *words)
    equal(err, "", words)
    document, found = json.loads(out), {}
    for s in document["sites"]:
        row = (s["frames"][0]["offset"] if s["frames"] else None, s["before"]["bytes"], s["after"]["bytes"],
               s["before"]["blocks"], s["after"]["blocks"])
        found.setdefault(s["change"], []).append(row)
    equal(document["failed"], status == 1, "failed")
    return found, status


NEW, GROWN = ("0x5000", 0, 12345, 0, 6), ("0x2000", 100, 150, 1, 2)
SHRUNK, GONE = ("0x3000", 1000, 400, 10, 4), ("0x4000", 300, 0, 3, 0)


def test_classes():
    before, after = pair("classes")
    equal(changes(before, after), ({"new": [NEW], "grown": [GROWN], "shrunk": [SHRUNK], "gone": [GONE]}, 1))
    equal(changes(before, before), ({}, 0), "the same")
    turned = changes(after, before)[0]
    equal({k: len(v) for k, v in turned.items()}, {"new": 1, "grown": 1, "shrunk": 1, "gone": 1}, "turned round")
    equal(turned["new"], [("0x4000", 0, 300, 0, 3)])


def test_text():
    before, after = pair("text")
    status, out, err = command("diff", before, after)
    equal((status, err), (1, ""))
    equal(out, """New: 1 site(s), 0 -> 12,345 bytes in 0 -> 6 blocks (+12,345 bytes, +6 blocks)

0 -> 12,345 bytes in 0 -> 6 blocks (+12,345 bytes, +6 blocks), definite:
    #0 0x7f0000005000 (app+0x5000)
    #1 0x7f0000001000 (app+0x1000)

Grown: 1 site(s), 100 -> 150 bytes in 1 -> 2 blocks (+50 bytes, +1 blocks)

100 -> 150 bytes in 1 -> 2 blocks (+50 bytes, +1 blocks), definite:
    #0 0x7f0000002000 (app+0x2000)
    #1 0x7f0000001000 (app+0x1000)

Shrunk: 1 site(s), 1,000 -> 400 bytes in 10 -> 4 blocks (-600 bytes, -6 blocks)

1,000 -> 400 bytes in 10 -> 4 blocks (-600 bytes, -6 blocks), definite:
    in app+0x3000

Gone: 1 site(s), 300 -> 0 bytes in 3 -> 0 blocks (-300 bytes, -3 blocks)

300 -> 0 bytes in 3 -> 0 blocks (-300 bytes, -3 blocks), definite:
    in app+0x4000

SUMMARY: leakgc: 1 new, 1 grown, 1 shrunk, 1 gone, 1 unchanged; 1,450 -> 12,945 bytes in 19 -> 17 blocks (+11,495 bytes, -2 blocks).
""")
    equal(command("diff", before, before)[1], "SUMMARY: leakgc: 0 new, 0 grown, 0 shrunk, 0 gone, 4 unchanged;"
          " 1,450 bytes in 19 blocks (+0 bytes, +0 blocks).\n")


def test_blocks_decide_where_bytes_are_equal():
    folder = directory("diff equal bytes")
    few = made(folder, "few.lgc", ("definite", "one", 100, 1))
    many = made(folder, "many.lgc", ("definite", "one", 100, 2))
    bigger = made(folder, "bigger.lgc", ("definite", "one", 101, 1))
    equal(changes(few, many), ({"grown": [("0x2000", 100, 100, 1, 2)]}, 1))
    equal(changes(many, few), ({"shrunk": [("0x2000", 100, 100, 2, 1)]}, 0))
    equal(changes(many, bigger), ({"grown": [("0x2000", 100, 101, 2, 1)]}, 1), "bytes first")


def test_exit_status():
    folder = directory("diff status")
    base = [("definite", "one", 100, 1), ("definite", "two", 100, 1)]
    before = made(folder, "before.lgc", *base)
    files = {"same": made(folder, "same.lgc", *base), "new": made(folder, "new.lgc", *base, ("definite", "three", 1, 1)),
             "grown": made(folder, "grown.lgc", base[0], ("definite", "two", 101, 1)),
             "shrunk": made(folder, "shrunk.lgc", base[0], ("definite", "two", 99, 1)),
             "gone": made(folder, "gone.lgc", base[0])}
    for words, failing in (((), {"new", "grown"}), (("--fail-on", "new"), {"new"}), (("--fail-on=grown",), {"new", "grown"}),
                           (("--fail-on", "changed"), {"new", "grown", "shrunk", "gone"}), (("--fail-on", "never"), set()),
                           (("--only", "gone"), {"new", "grown"}), (("--max-sites", "1"), {"new", "grown"})):
        got = {name: command("diff", *words, before, path)[0] for name, path in files.items()}
        equal(got, {name: int(name in failing) for name in files}, words)


def test_filters():
    before, after = pair("filters")
    equal(changes("--only", "new,gone", before, after)[0], {"new": [NEW], "gone": [GONE]})
    equal(changes("--min-bytes", "301", before, after)[0], {"new": [NEW], "shrunk": [SHRUNK]}, "before or after counts")
    equal(changes("--min-bytes", "13k", before, after), ({}, 0), "what is below does not fail")
    equal(changes("--min-blocks", "5", before, after)[0], {"new": [NEW], "shrunk": [SHRUNK]})
    equal(changes("--max-sites", "2", before, after)[0], {"new": [NEW], "grown": [GROWN]})
    equal(changes("--kinds", "definite", before, after)[0]["new"], [NEW, ("0x6000", 0, 20, 0, 2)])
    text = command("diff", "--max-sites", "1", "--min-bytes", "200", before, after)[1]
    check("... and 2 more site(s) (max_sites)" in text, text)
    check("... and 2 site(s) below the thresholds (min_bytes, min_blocks)" in text, text)


def test_kinds_are_those_of_after():
    folder = directory("diff own kinds")
    sites = [("reachable", "one", 10, 1), ("definite", "two", 10, 1)]
    before = made(folder, "before.lgc", sites[1])
    equal(changes(before, made(folder, "3.lgc", *sites)), ({}, 0), "definite, indirect")
    equal(changes(before, made(folder, "15.lgc", *sites, kinds=15))[1], 1, "all")
    equal(changes("--kinds", "all", before, made(folder, "3.lgc", *sites))[1], 1)


def test_became_a_leak():
    folder = directory("diff became")
    before = made(folder, "before.lgc", ("reachable", "one", 10, 1))
    after = made(folder, "after.lgc", ("definite", "one", 10, 1))
    equal(changes(before, after), ({"new": [("0x2000", 0, 10, 0, 1)]}, 1))
    equal(changes("--kinds", "all", before, after), ({}, 0))


def test_order():
    """By the change, whatever the order in the files."""
    folder = directory("diff order")
    before = made(folder, "before.lgc", ("definite", "one", 1000, 1), ("definite", "two", 10, 1))
    sites = [("definite", "one", 1001, 1), ("definite", "two", 500, 1), ("definite", "three", 5, 1),
             ("definite", "four", 70, 1), ("definite", "five", 5, 2)]
    expected = {"new": ["0x5000", "0x6000", "0x4000"], "grown": ["0x3000", "0x2000"]}
    for name, rows in (("forth", sites), ("back", sites[::-1])):
        found = changes(before, made(folder, name, *rows))[0]
        equal({k: [row[0] for row in v] for k, v in found.items()}, expected, name)


def test_no_stack():
    folder = directory("diff no stack")
    before, after = made(folder, "before.lgc", ("definite", None, 8, 1)), made(folder, "after.lgc")
    equal(changes(before, after), ({"gone": [(None, 8, 0, 1, 0)]}, 0))
    check("(no stack was recorded)" in command("diff", before, after)[1])
    check("(no stack was recorded)" in command("diff", after, before)[1])


def test_json_is_as_the_schema_says():
    with open(os.path.join(TOP, "tools", "leakgc-diff.schema.json")) as file:
        rules = json.load(file)
    before, after = pair("schema")
    document = json.loads(command("diff", "--format", "json", before, after)[1])
    equal(list(schema.faults(document, rules)), [])
    equal(list(schema.strangers(document, rules)), [], "not in the schema")
    document["sites"][0]["change"] = "odd"
    equal(len(list(schema.faults(document, rules))), 1, "faults of a spoiled document")
    equal(document["totals"]["all"]["after"], {"bytes": 12945, "blocks": 17})


def test_output():
    before, after = pair("output")
    path = os.path.join(os.path.dirname(before), "out.json")
    equal(command("diff", "--output", path, before, after), (1, "", ""))
    with open(path) as file:
        equal(file.read(), command("diff", "--format", "json", before, after)[1])
    done = subprocess.run(["sh", "-c", '"$1" diff "$2" "$2" > /dev/full', "sh", harness.leakgc, before],
                          capture_output=True, text=True)
    equal((done.returncode, done.stderr), (3, "leakgc diff: writing the comparison: No space left on device\n"))


def on_terminal(*words, **env):
    ours, theirs = pty.openpty()
    child = subprocess.Popen([harness.leakgc, *words], stdout=theirs, stdin=subprocess.DEVNULL,
                             env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm", **env})
    os.close(theirs)
    text = b""
    try:
        while more := os.read(ours, 65536):
            text += more
    except OSError:  # the other end is closed
        pass
    child.wait()
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def test_colour():
    before, after = pair("colour")
    plain = command("diff", before, after)[1]
    coloured = on_terminal("diff", before, after)
    equal(re.sub("\x1b\\[\\d+m", "", coloured), plain)
    equal(re.findall("\x1b\\[(\\d+)m(\\w+)", coloured), [("31", "New"), ("31", "Grown"), ("32", "Shrunk"), ("32", "Gone")])
    equal(on_terminal("diff", before, after, NO_COLOR="1"), plain)
    equal(on_terminal("diff", before, after, TERM="dumb"), plain)


def test_bad_input():
    before, after = pair("bad input")
    folder = os.path.dirname(before)
    none = os.path.join(folder, "none.lgc")
    equal(command("diff", before, none), (3, "", f"leakgc diff: {none}: No such file or directory\n"))
    status, out, err = command("diff", none, "/dev/null")
    equal((status, out), (3, ""))
    equal(err, f"leakgc diff: {none}: No such file or directory\nleakgc diff: /dev/null: not a report file\n", "both")
    with open(after, "rb") as file:
        whole = file.read()
    equal(command("diff", before, "-", stdin=whole)[0], 1, "from stdin")
    cut = os.path.join(folder, "cut.lgc")
    with open(cut, "wb") as file:
        file.write(whole[:-20])
    status, out, err = command("diff", before, cut)
    equal(status, 3)
    check("is cut" in err and f"leakgc: incomplete: {cut}: the report file is" in out, out, err)
    report = lgcfile.Report(live=1)
    dump = report.site("reachable", 0, 100, 1).write(os.path.join(folder, "dump.lgc"))
    check("written while the program ran" not in command("diff", before, dump)[1], "all is in it")
    report.totals[lgcfile.KINDS.index("reachable")][1] += 1
    live = report.write(os.path.join(folder, "live.lgc"))
    check("written while the program ran" in command("diff", before, live)[1], "live")


def test_usage_errors():
    for words, message in {
        ("a",): "two report files are needed",
        ("a", "b", "c"): "two report files are needed",
        ("-", "-"): "only one of the files can be standard input",
        ("--only", "new,odd", "a", "b"): "'new,odd' is not a list of new, grown, shrunk, gone",
        ("--only", "", "a", "b"): "'' is not a list of new, grown, shrunk, gone",
        ("--only", "new,", "a", "b"): "'new,' is not a list of new, grown, shrunk, gone",
        ("--only", "unchanged", "a", "b"): "'unchanged' is not a list of new, grown, shrunk, gone",
        ("--fail-on", "odd", "a", "b"): "'odd' is none of new, grown, changed, never",
        ("--format", "xml", "a", "b"): "there is no format 'xml', but text, json",
        ("--details", "a", "b"): "bad option '--details'",
        ("--min-bytes", "x", "a", "b"): "min-bytes 'x' is not a number",
    }.items():
        equal(command("diff", *words), (2, "", f"leakgc diff: {message} (see 'leakgc diff --help')\n"), words)


# --- Real programs ---------------------------------------------------------------------------------

OLD = """
#include <stdlib.h>
static void *volatile sink;
__attribute__((noinline)) void stays(void) { sink = malloc(10); sink = 0; }
__attribute__((noinline)) void grows(int n) { while (n--) sink = malloc(7); sink = 0; }
__attribute__((noinline)) void repaired(void) { sink = malloc(11); sink = 0; }
int main(void) { stays(); grows(3); repaired(); return 0; }
"""
LATER = """
#include <stdlib.h>
static void *volatile sink;
__attribute__((noinline)) void added(void) { sink = malloc(99); sink = 0; }
__attribute__((noinline)) void stays(void) { sink = malloc(10); sink = 0; }
__attribute__((noinline)) void grows(int n) { while (n--) sink = malloc(7); sink = 0; }
int main(void) { added(); stays(); grows(5); return 0; }
"""


def leak(folder, name, text):
    """Builds and runs a program in a folder of its own; its report file."""
    folder = os.path.join(folder, name)
    os.makedirs(folder)
    path = os.path.join(folder, "r.lgc")
    env = {key: value for key, value in os.environ.items() if not key.startswith("LEAKGC_")}
    env.update(LD_PRELOAD=os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so"), LEAKGC_REPORT=path)
    subprocess.run([Source(folder, "app.c", text).build("app", "-g")], env=env, check=True, timeout=60)
    return path


def test_another_build():
    folder = directory("diff builds")
    old, later = leak(folder, "old", OLD), leak(folder, "later", LATER)
    status, out, err = command("diff", "--format", "json", old, later)
    equal((status, err), (1, ""))
    document = json.loads(out)
    equal({(s["change"], s["frames"][0]["lines"][0]["function"], s["before"]["bytes"], s["after"]["bytes"])
           for s in document["sites"]}, {("new", "added", 0, 99), ("grown", "grows", 21, 35), ("gone", "repaired", 11, 0)})
    equal(document["totals"]["unchanged"]["sites"], 1, "stays")
    equal(command("diff", old, leak(folder, "again", OLD))[0], 0, "another build of the same")
