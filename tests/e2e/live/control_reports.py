# SPDX-License-Identifier: MIT
"""Numbers and reports asked for over the control socket: `leakgc stat`, `dump` and `leaks`. What they say is exact, and
the program's own reports go on as if nobody had asked."""

import array
import fcntl
import json
import os
import re
import socket
import subprocess

from living import Living, ask, check, connect, default_path, thread_of, word_of


def command(bench, *words):
    return bench.run([os.path.join(bench.build, "leakgc"), *words], preload=False)


def totals(bench, program, *words):
    """Of a dump: by kind (bytes, blocks) of the sites, and the whole report."""
    done = command(bench, "dump", "--format", "json", "--no-symbols", *words, str(program.pid))
    check(done.status == 0, "dump", done.stdout + done.stderr)
    report = json.loads(done.stdout)
    sums = {}
    for site in report["sites"]:
        bytes_, blocks = sums.get(site["kind"], (0, 0))
        sums[site["kind"]] = (bytes_ + site["bytes"], blocks + site["blocks"])
    return sums, report


def steady(report):
    """Bytes and blocks that are reachable, but the block that the program allocates and frees all the time."""
    sites = [site for site in report["sites"] if site["kind"] == "reachable" and site["bytes"] != 300000 * site["blocks"]]
    return [sum(site[what] for site in sites) for what in ("bytes", "blocks")]


def check_dump(bench, options):
    with Living(bench, options) as program:
        program.wait_socket()
        before, report = totals(bench, program)
        check("definite" not in before and "indirect" not in before, "a leak of nothing with " + options, repr(before))
        check("reachable" not in report["totals"] or report["totals"]["reachable"]["bytes"] == before.get("reachable", (0, 0))[0],
              "the sites are not the total", repr(report["totals"]))
        program.tell("lose")
        program.tell("lose")
        program.tell("keep")
        after, later = totals(bench, program)
        check(after["definite"] == (218, 2), "with " + options, repr(after))
        kept = [new - old for new, old in zip(steady(later), steady(report))]
        check(kept == [211, 1], "what is kept, with " + options, repr((before, after)))
        check(program.leave("exit") == 0, "the end")


def descriptors(bench, program):
    """How many the library's thread has; what it gave with an earlier answer is closed before it gives another."""
    command(bench, "stat", str(program.pid))
    return len(os.listdir("/proc/%d/task/%d/fd" % (program.pid, thread_of(program.pid))))


def check_file(bench):
    with Living(bench) as program:
        program.wait_socket()
        program.tell("lose")
        for name in ("living.%d.lgc" % program.pid, "living.%d.2.lgc" % program.pid):
            done = command(bench, "dump", str(program.pid))
            check((done.status, done.stdout) == (0, name + "\n"), "the name", done.stdout + done.stderr)
            shown = command(bench, "report", name)
            check("109 byte(s) in 1 object(s)" in shown.stdout and "in lose" in shown.stdout, "the file", shown.stdout)
        done = command(bench, "dump", str(program.pid), "x.folded")
        with open(os.path.join(bench.cwd, "x.folded"), encoding="utf-8") as file:
            check(done.status == 0 and "lose 109\n" in file.read(), "a format by its suffix", done.stderr)
        done = command(bench, "dump", str(program.pid), "/nowhere/x.lgc")
        check(done.status == 1 and "No such file" in done.stderr, "a folder that is not there", done.stderr)
        before = descriptors(bench, program)
        for _ in range(5):
            command(bench, "dump", str(program.pid), "y.lgc")
        after = descriptors(bench, program)
        check(after == before, "descriptors stay open: %d, then %d" % (before, after))


def check_leaks(bench):
    with Living(bench, "interval=0:control=named:confirm=100") as program:
        program.wait_socket(os.path.join(bench.cwd, "named"))

        def leaks(*words):
            done = command(bench, "leaks", str(program.pid), *words)
            grown = re.search(r"from (\d+) byte\(s\) in \d+ object\(s\) to (\d+)", done.stdout)
            lost = re.search(r"leak of (\d+) byte", done.stdout)
            return done.status, lost and int(lost.group(1)), grown and grown.groups(), done.stdout

        check(leaks() == (0, None, None, "no leaks\n"), "a leak of nothing")
        program.tell("lose")
        check(leaks("new")[:3] == (1, 109, None), "the first loss is not new")
        check(leaks("new") == (0, None, None, "no new leaks\n"), "it is new again")
        check(leaks("changed") == (0, None, None, "no changed leaks\n"), "it changed")
        check(leaks()[:3] == (1, 109, ("109", "109")), "all of them")
        program.tell("lose")
        check(leaks("new")[0] == 0, "a known place is new")
        program.tell("lose")
        check(leaks("increased")[:3] == (1, 327, ("218", "327")), "what increased", leaks()[3])
        check(leaks("increased")[0] == 0, "it increased again")
        check("leak" not in program.stderr(), "the program reported", program.stderr())


def check_stat(bench):
    with Living(bench, "interval=0:control=counted:min_age=0") as program:
        path = program.wait_socket(os.path.join(bench.cwd, "counted"))
        first = ask(path, "stat\n")
        check(first.startswith("ok pid=%d uptime_ms=" % program.pid), "stat", first)
        program.tell("keep")
        program.tell("lose")
        second = ask(path, "stat\n")
        grown = {key: int(word_of(second, key)) - int(word_of(first, key))
                 for key in ("live_blocks", "allocated_blocks", "lost_blocks", "scans", "uptime_ms")}
        # between the two it allocates a block each time that it looks for words
        check(grown["live_blocks"] in (1, 2, 3) and grown["allocated_blocks"] >= 2, "allocations", repr((first, second)))
        check(grown["lost_blocks"] == grown["scans"] == 0, "a scan was made", second)
        for _ in range(2):
            ask(path)
        third = ask(path, "stat\n")
        check([word_of(third, key) for key in ("lost_bytes", "leaked_bytes", "leaked_blocks", "scans")] ==
              ["109", "109", "1", "2"], "after two scans", third)
        done = command(bench, "stat", str(program.pid), "1", "2")
        lines = done.stdout.splitlines()
        check(done.status == 0 and len(lines) == 3 and lines[0].split()[0] == "uptime" and
              lines[2].split()[5:9] == ["109", "109", "1", "2"], "the lines", done.stdout + done.stderr)


def check_stat_ends(bench):
    with Living(bench) as program:
        program.wait_socket()
        stat = subprocess.Popen([os.path.join(bench.build, "leakgc"), "stat", str(program.pid), "1"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        stat.stdout.readline()
        program.leave("exit")
        _, errors = stat.communicate(timeout=20)
        check((stat.returncode, errors) == (0, b""), "it does not end with the program", errors.decode())
    done = command(bench, "stat", str(program.pid))
    check(done.status == 3 and done.stderr == "leakgc stat: there is no process %d\n" % program.pid, "none", done.stderr)


def received(path, request):
    with connect(path) as client:
        client.sendall(request)
        line, control, _, _ = client.recvmsg(4096, socket.CMSG_SPACE(4))
        return line.decode(), [array.array("i", data[:4])[0] for _, _, data in control]


def check_hostile(bench):
    """Who gets the file can't change it; who does not take it, or asks for anything else, disturbs nobody."""
    with Living(bench) as program:
        path = program.wait_socket()
        line, files = received(path, b"dump\n")
        check(line.startswith("ok scan=1 ") and len(files) == 1, "no file", line)
        for action in (lambda: os.write(files[0], b"x"), lambda: os.ftruncate(files[0], 0), lambda: os.truncate("/proc/self/fd/%d" % files[0], 1)):
            try:
                action()
            except OSError:
                continue
            check(False, "the file can be changed")
        check(fcntl.fcntl(files[0], fcntl.F_GET_SEALS) == 15, "it is not sealed")
        os.close(files[0])
        for request in (b"scan\n", b"stat\n"):
            check(not received(path, request)[1], "a file with %r" % request)
        deaf = [connect(path) for _ in range(3)]
        for client in deaf:
            client.sendall(b"dump\n")
        check(ask(path, "leaks\n").startswith("ok scan="), "after the deaf")
        for client in deaf:
            client.close()
        for text in ("dump /tmp/x\n", "leaks old\n", "leaks  new\n", "stat 1\n", "dump\0\n"):
            check(ask(path, text) == "error unknown request\n", "%r was taken for a request" % text)
        check(program.tell("lose") == 0 and program.leave("exit") == 0 and not os.path.exists(default_path(program.pid)), "the end")


def check_no_room(bench):
    """Where no file can grow, there is no report, and one line says so."""
    with Living(bench) as program:
        path = program.wait_socket()
        program.tell("nofiles")
        line, files = received(path, b"dump\n")
        check(line == "error no report: EFBIG\n" and not files, "with no room", line)
        check(ask(path).startswith("ok scan="), "no scan afterwards")
        check(program.leave("exit") == 0, "the end")


def test(bench):
    check_dump(bench, "confirm=100")
    check_dump(bench, "snapshot=fork")
    check_dump(bench, "snapshot=stop")
    check_file(bench)
    check_leaks(bench)
    check_stat(bench)
    check_stat_ends(bench)
    check_hostile(bench)
    check_no_room(bench)
