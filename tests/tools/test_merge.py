# SPDX-License-Identifier: MIT
"""`leakgc merge`: sums, which files of a process count, report files that are written again, and what can't be read."""
import json
import os
import re
import subprocess

import harness
import lgcfile
import schema
import test_diff
from harness import Source, check, command, directory, equal

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD_ID = bytes(range(20))


def made(folder, name, *sites, base=0x400000, build_id=BUILD_ID, path="app", **info):
    """A report with sites (kind, offset, bytes, blocks) below one caller; its module, in no file, begins at `base`."""
    report = lgcfile.Report(**info).module("other", 0x1000, 0x2000, build_id=b"\1")
    report.module(path, base, base + 0x100000, base, build_id).frame(1, 0, base + 0x100, 1)
    for i, (kind, offset, size, blocks) in enumerate(sites):
        report.frame(i + 2, 1, base + offset, 1)
        report.site(kind, i + 2, size, blocks, first_ms=1000 * size, last_ms=2000 * size, thread=i + 1)
    return report.write(os.path.join(folder, name))


def load(*words, status=0, err=""):
    got, out, said = command("merge", "--format", "json", *words)
    equal((got, said), (status, err), words)
    return json.loads(out)


def sites(document):
    return [(s["kind"], s["frames"][0]["offset"] if s["frames"] else None, s["bytes"], s["blocks"]) for s in document["sites"]]


def test_sums():
    """One stack, elsewhere in memory and with other numbers of modules; kinds stay apart."""
    folder = directory("merge sums")
    one = made(folder, "1.lgc", ("definite", 0x2000, 100, 1), ("definite", 0x3000, 7, 1), ("indirect", 0x2000, 5, 1), pid=1)
    two = made(folder, "2.lgc", ("definite", 0x3000, 8, 2), ("definite", 0x2000, 200, 3), base=0x7F0000000000, pid=2,
               host="there", started=500, written=3000)
    d = load(one, two)
    equal(sites(d), [("definite", "0x2000", 300, 4), ("definite", "0x3000", 15, 3), ("indirect", "0x2000", 5, 1)])
    equal((d["totals"]["definite"], d["totals"]["indirect"]), ({"bytes": 315, "blocks": 7}, {"bytes": 5, "blocks": 1}))
    equal((d["process"], d["written"], d["cause"], d["complete"]),
          ({"program": "/bin/app", "arguments": [], "pid": 0, "host": "2 hosts", "started": 500}, 3000, "merge", True))
    equal(d["processes"], [{"program": "/bin/app", "pid": 1, "host": "here", "started": 1000, "written": 1060},
                           {"program": "/bin/app", "pid": 2, "host": "there", "started": 500, "written": 3000}])
    s = d["sites"][0]
    equal((s["first_ms"], s["last_ms"], s["several_threads"]), (100000, 400000, True))
    equal([d["sites"][2]["several_threads"], len(d["modules"])], [False, 2])
    equal([(f["pc"], f["offset"]) for f in s["frames"]], [("0x402000", "0x2000"), ("0x400100", "0x100")], "as in the first")
    text = command("merge", one, two)[1]
    check(text.endswith("==0==PROCESSES: 2\n==0==   1 on here: /bin/app\n==0==   2 on there: /bin/app\n"), text)
    equal(sites(load(two, one)), sites(d), "the other way round")


def test_one():
    path = made(directory("merge one"), "1.lgc", ("definite", 0x2000, 100, 1), ("possible", 0x3000, 7, 1))
    status, alone, _ = command("report", path)
    equal(command("merge", path), (0, alone + "==4711==\n==4711==PROCESSES: 1\n==4711==   4711 on here: /bin/app\n", ""))


def test_what_is_not_the_same():
    """Another build id, or none and another path or size; another caller; a frame without a module."""
    folder = directory("merge apart")
    row = ("definite", 0x2000, 100, 1)
    one = made(folder, "1.lgc", row, pid=1)
    equal(len(sites(load(one, made(folder, "2.lgc", row, pid=2)))), 1, "the same")
    equal(len(sites(load(one, made(folder, "3.lgc", row, pid=2, path="elsewhere")))), 1, "the same build id")
    equal(len(sites(load(one, made(folder, "4.lgc", row, pid=2, build_id=b"\7" * 20)))), 2, "another build id")
    bare = made(folder, "5.lgc", row, pid=1, build_id=b"")
    equal(len(sites(load(bare, made(folder, "6.lgc", row, pid=2, build_id=b"")))), 1, "no build id")
    equal(len(sites(load(bare, made(folder, "7.lgc", row, pid=2, build_id=b"", path="b")))), 2, "another path")
    deep = lgcfile.Report(pid=3).module("app", 0x400000, 0x500000, 0x400000, BUILD_ID).frame(1, 0, 0x400200, 0)
    deep.frame(2, 1, 0x402000, 0).frame(3, 0, 0x402000).site("definite", 2, 1, 1).site("definite", 3, 1, 1)
    deep.site("definite", 0, 1, 1)
    equal(len(load(one, deep.write(os.path.join(folder, "8.lgc")))["sites"]), 4, "callers, no module, no stack")


def test_filters():
    folder = directory("merge filters")
    rows = ("definite", 0x2000, 60, 1), ("definite", 0x3000, 30, 1), ("reachable", 0x4000, 9, 1)
    one, two = (made(folder, f"{pid}.lgc", *rows, pid=pid, min_bytes=50 * pid, kinds=3) for pid in (1, 2))
    equal(sites(load(one, two)), [("definite", "0x2000", 120, 2), ("definite", "0x3000", 60, 2)], "thresholds are for sums")
    equal(sites(load("--min-bytes", "61", one, two)), [("definite", "0x2000", 120, 2)])
    equal(sites(load("--kinds", "reachable", "--min-bytes=0", one, two)), [("reachable", "0x4000", 18, 2)])
    equal(sites(load("--max-sites", "1", one, two)), [("definite", "0x2000", 120, 2)])


# --- Which files count -----------------------------------------------------------------------------


def test_reports_of_one_process():
    folder = directory("merge one process")
    early = made(folder, "early.lgc", ("definite", 0x2000, 10, 1), live=1, scan=2, uptime_ms=20000)
    late = made(folder, "late.lgc", ("definite", 0x2000, 5, 1), live=1, scan=3, uptime_ms=30000, started=1001)
    whole = made(folder, "whole.lgc", ("definite", 0x2000, 17, 3), scan=4, uptime_ms=60000)
    equal(sites(load(whole)), [("definite", "0x2000", 17, 3)])
    left_out = "".join(f"leakgc merge: {p}: left out: {whole} is of the same process, and later\n" for p in (early, late))
    d = load(early, late, whole, err=left_out)
    equal((sites(d), d["totals"]["definite"]["bytes"], len(d["processes"])), ([("definite", "0x2000", 17, 3)], 17, 1))
    d = load(late, early)
    equal((sites(d), d["totals"]["definite"]["bytes"], len(d["processes"])), ([("definite", "0x2000", 15, 2)], 5, 1),
          "what was new each time; the totals of the last")
    equal(load(whole, whole, err=f"leakgc merge: {whole}: left out: {whole} is of the same process, and later\n")
          ["totals"]["definite"]["bytes"], 17, "a file twice")
    equal(sites(load(early, early, err=f"leakgc merge: {early}: left out: {early} is of the same process, and later\n")),
          [("definite", "0x2000", 10, 1)])
    for other in (dict(started=1010), dict(host="there"), dict(program="/bin/other"), dict(pid=4712)):
        path = made(folder, "other.lgc", ("definite", 0x2000, 17, 3), **other)
        equal(len(load(whole, path)["processes"]), 2, other)


def test_merged_again():
    folder = directory("merge again")
    paths = [made(folder, f"{pid}.lgc", ("definite", 0x2000, 10 * pid, 1), pid=pid) for pid in (1, 2, 3)]
    both = os.path.join(folder, "both.lgc")
    equal(command("merge", "--output", both, *paths[:2]), (0, "", ""))
    equal(command("report", both), command("merge", *paths[:2]), "read again")
    equal(command("merge", both, paths[2]), command("merge", *paths))
    d = load(both, paths[0])
    equal((d["doubts"], d["complete"]), (["process 1 on here is in several files, and counts so often"], False))


# --- Report files that are written -----------------------------------------------------------------


def test_everything_is_written():
    folder = directory("merge written")
    path, again = os.path.join(folder, "sample.lgc"), os.path.join(folder, "again.lgc")
    sample = lgcfile.sample()
    sample.doubts.append("a doubt")
    sample.write(path)
    equal(command("report", "--output", again, path)[0], 0)
    for name in ("text", "json", "jsonl", "pprof", "sarif"):
        first, second = (command("report", "--format", name, "--kinds", "all", p)[:2] for p in (path, again))
        equal(second, first, name)
    equal(command("report", "--format", "lgc", again)[1], command("report", "--format", "lgc", path)[1])


def test_json_is_as_the_schema_says():
    folder = directory("merge schema of merged")
    with open(os.path.join(TOP, "tools", "leakgc-report.schema.json")) as file:
        rules = json.load(file)
    d = load(made(folder, "1.lgc", ("definite", 0x2000, 10, 1), pid=1), made(folder, "2.lgc", pid=2))
    equal(list(schema.faults(d, rules)), [])
    equal(list(schema.strangers(d, rules)), [], "not in the schema")
    d["processes"][0]["pid"] = "1"
    equal(len(list(schema.faults(d, rules))), 1, "a spoiled document")


def named(folder, name, *names):
    """A report whose one frame has names: (function, file, line, column)."""
    report = lgcfile.Report().module("app", 0x400000, 0x500000, 0x400000, BUILD_ID).frame(1, 0, 0x402000, 0)
    report.site("definite", 1, 10, 1)
    return report, [1, len(names), *(field for n in names for field in n)], os.path.join(folder, name)


def write_named(folder, name, *rows):
    report, row, path = named(folder, name, ("inner", "a.c", 3, 4), ("outer", "", 0, 0))
    parts = list(report.sections())
    parts.insert(-1, lgcfile.section("NAME", b"".join(lgcfile.record(*r) for r in (rows or (row,)))))
    with open(path, "wb") as file:
        file.write(lgcfile.header() + b"".join(parts))
    return path


def test_names_in_the_file():
    folder = directory("merge names")
    path = write_named(folder, "good.lgc")
    text = command("report", path)[1]
    check("#0 0x402000 in inner a.c:3:4\n    #1 0x402000 in outer (app+0x2000)\n" in text, text)
    clean = command("report", write_named(folder, "odd.lgc", [1, 1, "a\x1b[31m\n", "\x07", 1, 1]))[1]
    check("in a?[31m? ?:1:1\n" in clean and "\x1b" not in clean, clean)
    for what, row in (("no such frame", [9, 1, "f", "f", 1, 1]), ("too many", [1, 1 << 60, "f", "f", 1, 1])):
        status, out, err = command("report", write_named(folder, "bad.lgc", row))
        check(status == 3 and "is damaged" in err and "#0 0x402000 (app+0x2000)" in out, what, status, out, err)
    status, out, err = command("report", write_named(folder, "twice.lgc", [1, 1, "f", "", 0, 0], [1, 1, "g", "", 0, 0]))
    check(status == 3 and "in f (" in out, "named twice", out)


def test_names_stay():
    """A baseline knows its functions when the program is gone; two builds of a program are one."""
    folder = directory("merge names stay")
    old, later = test_diff.leak(folder, "old", test_diff.OLD), test_diff.leak(folder, "later", test_diff.LATER)
    base, bare = os.path.join(folder, "base.lgc"), os.path.join(folder, "bare.lgc")
    equal(command("merge", "--output", base, old), (0, "", ""))
    equal(command("merge", "--no-symbols", "--output", bare, old), (0, "", ""))
    before = command("diff", old, later)
    os.unlink(os.path.join(folder, "old", "app"))
    equal(command("diff", base, later), before, "with the names")
    status, out, err = command("diff", bare, later)
    check("3 new, 0 grown, 0 shrunk, 3 gone" in out and "no file for 1 module" in err, "without them", out, err)


def test_other_builds_of_a_function():
    """The same lines at other addresses, in files of other build ids."""
    folder = directory("merge other builds")
    source = Source(folder, "app.c", test_diff.OLD)  # one path in the debug information of both
    env = {key: value for key, value in os.environ.items() if not key.startswith("LEAKGC_")}
    env["LD_PRELOAD"] = os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so")
    paths = []
    for name, flags in (("pie", ["-O0"]), ("fixed", ["-O1", "-no-pie", "-fno-pie", "-fno-optimize-sibling-calls"])):
        paths.append(os.path.join(folder, f"{name}.lgc"))
        subprocess.run([source.build(name, "-g", *flags)], env={**env, "LEAKGC_REPORT": paths[-1]}, check=True, timeout=60)
    d = load(*paths)
    rows = sorted((s["frames"][0]["lines"][0]["function"], s["bytes"], s["blocks"]) for s in d["sites"])
    equal(rows, [("grows", 42, 6), ("repaired", 22, 2), ("stays", 20, 2)])
    check(len(load("--no-symbols", *paths)["sites"]) == 6, "without names they are others")


# --- What can't be read ----------------------------------------------------------------------------


def test_damage_is_not_written_again():
    """Of a record of a module that makes no sense the place stays, in a file that is sound."""
    for change in (lambda r: r.module("/y", 0x3000, 0x2000), lambda r: r.modules.append((9, 1, 2, 0, 0, 0, b"", "/y")),
                   lambda r: r.module("/y", 0x2000, 0x3000)):
        folder = directory("written again")
        report = lgcfile.Report().module("/x", 0x1000, 0x2000).frame(1, 0, 0x1500, 0).site("definite", 1, 5, 1)
        change(report)
        once, twice = report.write(os.path.join(folder, "once.lgc")), os.path.join(folder, "twice.lgc")
        for name in ("report", "merge"):
            command(name, "--format", "lgc", "--output", twice, once)
            status, out, err = command("report", "--no-symbols", twice)
            equal((status, err), (0, ""), name)
            check("(/x+0x500)" in out, out)


def test_bad_input():
    folder = directory("merge bad input to merge")
    good = made(folder, "good.lgc", ("definite", 0x2000, 10, 1), pid=1)
    none = os.path.join(folder, "none.lgc")
    d = load(good, none, "/dev/null", status=3, err=f"leakgc merge: {none}: No such file or directory\n"
             "leakgc merge: /dev/null: not a report file\n")
    equal((sites(d), d["doubts"]), ([("definite", "0x2000", 10, 1)], [f"{none}: could not be read", "/dev/null: could not be read"]))
    status, out, err = command("merge", none, "/dev/null")
    equal((status, out, len(err.splitlines())), (3, "", 2), "none of them")
    cut = made(folder, "cut.lgc", ("definite", 0x2000, 10, 1), pid=2)
    with open(cut, "r+b") as file:
        file.truncate(os.path.getsize(cut) - 20)
    status, out, err = command("merge", good, cut)
    equal((status, len(err.splitlines())), (3, 1), err)
    check(f"incomplete: {cut}: the report file is" in out and "20 byte(s) in 2 object(s)" in out, out)
    doubtful = lgcfile.Report(pid=3)
    doubtful.doubts.append("a thread was missed")
    doubtful = doubtful.write(os.path.join(folder, "doubt.lgc"))
    equal(load(good, doubtful)["doubts"], [f"{doubtful}: a thread was missed"])
    for words, message in (((), "report files are needed"), ((good, "-"), "standard input can't be merged"),
                           (("--format", "odd", good), "there is no format 'odd', but ")):
        status, out, err = command("merge", *words)
        check(status == 2 and err.startswith(f"leakgc merge: {message}"), words, err)
    kept = os.path.join(folder, "kept.lgc")
    with open(kept, "w") as file:
        file.write("kept")
    equal(command("merge", "--output", kept, none)[0], 3)
    with open(kept) as file:
        equal(file.read(), "kept", "nothing could be read, nothing is written")
    equal(command("merge", "--output", os.path.join(folder, "no", "where"), good)[0], 1)


def test_huge_numbers():
    folder = directory("merge huge")
    most = (1 << 64) - 1
    d = load(*(made(folder, f"{pid}.lgc", ("definite", 0x2000, most, most), pid=pid) for pid in (1, 2)))
    equal(sites(d), [("definite", "0x2000", most, most)])


def test_many():
    """Two hundred processes with the same thousand sites; forked ones share them all."""
    folder = directory("merge many")
    first = made(folder, "first.lgc", *(("definite", 0x1000 + 16 * i, 1 + i, 1) for i in range(1000)), pid=1)
    with open(first, "rb") as file:
        data = file.read()
    info = lgcfile.section("INFO", b"".join(lgcfile.record(k, str(v)) for k, v in lgcfile.Report(pid=1).info.items())
                           + lgcfile.record("argument", "app"))
    equal(data.count(info), 1)
    paths = []
    for pid in range(2, 202):
        paths.append(os.path.join(folder, f"{pid}.lgc"))
        with open(paths[-1], "wb") as file:
            file.write(data.replace(info, lgcfile.section("INFO", lgcfile.record("pid", str(pid)))))
    d = load(*paths)
    equal((len(d["sites"]), len(d["processes"]), {s["blocks"] for s in d["sites"]}), (1000, 200, {200}))
    equal(d["totals"]["definite"]["bytes"], 200 * 1000 * 1001 // 2)


FORKS = """
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void *volatile sink;
__attribute__((noinline)) void both(void) { sink = malloc(10); sink = 0; }
__attribute__((noinline)) void child(void) { sink = malloc(7); sink = 0; }
int main(void)
{
    for (int i = 0; i < 3; i++)
        if (fork() == 0) { both(); child(); return 0; }
    while (wait(NULL) > 0)
        ;
    both();
    return 0;
}
"""


def test_processes_of_a_program():
    folder = directory("merge forks")
    exe = Source(folder, "forks.c", FORKS).build("forks", "-g")
    env = {key: value for key, value in os.environ.items() if not key.startswith("LEAKGC_")}
    env.update(LD_PRELOAD=os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so"),
               LEAKGC_REPORT=os.path.join(folder, "r.%p.lgc"))
    subprocess.run([exe], env=env, check=True, timeout=60)
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".lgc"))
    equal(len(paths), 4)
    d = load(*paths)
    equal(sorted((s["frames"][0]["lines"][0]["function"], s["bytes"], s["blocks"]) for s in d["sites"]),
          [("both", 10 * 1, 1), ("both", 30, 3), ("child", 21, 3)])
    equal(len({p["pid"] for p in d["processes"]}), 4)
    equal(re.findall(r"in (both|child|main) ", command("merge", *paths)[1]).count("child"), 1)
