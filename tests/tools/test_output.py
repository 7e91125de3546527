# SPDX-License-Identifier: MIT
"""--output: the file is there whole or not at all; --no-symbols."""
import os
import resource
import signal
import stat
import subprocess

import formatting
import harness
import lgcfile
from formatting import bare, facts, written
from harness import check, command, directory, equal


def put(path, *flags):
    status, out, err = bare("report", "--format", "openmetrics", "--output", path, *flags, formatting.sample())
    return status, out, err.replace("leakgc report: no file for 2 modules (such as /bin/app); see --sysroot and"
                                    " --debug-path\n", "")


def test_output_whole():
    folder = directory("output whole")
    path = os.path.join(folder, "leaks.prom")
    equal(put(path), (0, b"", ""))
    with open(path, "rb") as file:
        first = file.fileno(), os.fstat(file.fileno()).st_ino
        equal(file.read(), written("openmetrics", formatting.sample()))
        os.chmod(path, 0o640)
        equal(put(path), (0, b"", ""))
        check(os.stat(path).st_ino != first[1], "it was written in place")
        file.seek(0)
        equal(file.read(), written("openmetrics", formatting.sample()), "who has the old one open")
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o640, "the mode stays")
    equal(os.listdir(folder), ["leaks.prom"], "nothing else is left")


def test_output_fails():
    """When writing fails the old file stays, and nothing is left beside it."""
    folder = directory("output fails")
    path = os.path.join(folder, "leaks.prom")
    with open(path, "w") as file:
        file.write("old")
    done = subprocess.run([harness.leakgc, "report", "--output", path, "--format", "sarif", formatting.sample()],
                          capture_output=True, text=True, preexec_fn=small_files)
    equal(done.returncode, 1, done.stderr)
    check(f"writing {path}: " in done.stderr, done.stderr)
    equal(open(path).read(), "old")
    equal(os.listdir(folder), ["leaks.prom"])
    equal(put(os.path.join(folder, "none", "x"))[0], 1, "no such folder")


def test_why_it_fails():
    """A disk that is full in the middle of a report, not only at its last block: every format says why."""
    big = lgcfile.sample()
    for i in range(5000):
        big.frame(100 + i, 0, 0x401000 + i, 0).site("definite", 100 + i, 1, 1)
    folder = directory("why it fails")
    path = big.write(os.path.join(folder, "big.lgc"))
    for name in ("text", "json", "jsonl", "html", "xml", "sarif", "pprof", "folded", "openmetrics", "lgc"):
        for output, why in (("/dev/full", "No space left on device"), (None, "No space left on device"),
                            (os.path.join(folder, "new"), "File too large")):
            words = [harness.leakgc, "report", "--no-symbols", "--format", name, *(["--output", output] if output else []), path]
            with open("/dev/full", "w") as full:
                done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, preexec_fn=small_files)
            equal((done.returncode, done.stderr), (1, f"leakgc report: writing {output or 'the report'}: {why}\n"), name)
    for name in ("text", "json"):
        done = subprocess.run(f"exec '{harness.leakgc}' diff --no-symbols --format {name} '{formatting.sample()}' '{path}' >/dev/full",
                              shell=True, stderr=subprocess.PIPE, text=True)
        equal((done.returncode, done.stderr), (3, "leakgc diff: writing the comparison: No space left on device\n"), name)
    equal(os.listdir(folder), ["big.lgc"])


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))


def test_output_link_and_device():
    folder = directory("output link")
    path = os.path.join(folder, "real.prom")
    open(path, "w").close()
    os.symlink("real.prom", os.path.join(folder, "link.prom"))
    equal(put(os.path.join(folder, "link.prom")), (0, b"", ""))
    check(os.path.islink(os.path.join(folder, "link.prom")), "the link is gone")
    equal(open(path, "rb").read(), written("openmetrics", formatting.sample()))
    equal(put("/dev/stdout")[1], written("openmetrics", formatting.sample()))


def test_reader_goes_away():
    """It ends like any program, whether names were asked for or not."""
    folder = directory("reader goes away")
    big = lgcfile.sample()
    for i in range(5000):
        big.frame(100 + i, 0, 0x401000 + i, 0).site("definite", 100 + i, 1, 1)
    path = big.write(os.path.join(folder, "big.lgc"))
    for words in ((), ("--no-symbols",)):
        child = subprocess.Popen([harness.leakgc, "report", *words, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        child.stdout.readline()
        child.stdout.close()
        said = child.stderr.read()
        equal((child.wait(), "writing" in said), (-signal.SIGPIPE, False), words)


def test_no_symbols():
    report, _ = formatting.cplusplus()
    check(any(f["lines"] for s in facts(report)["sites"] for f in s["frames"]), "no names to leave out")
    said = facts(report, "--no-symbols")
    check(not any(f["lines"] for s in said["sites"] for f in s["frames"]), "there are names")
    equal({m["symbols"] for m in said["modules"]}, {"not asked"})
    equal(command("report", "--no-symbols", formatting.sample())[2], "")
