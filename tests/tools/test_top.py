# SPDX-License-Identifier: MIT
"""`leakgc top` on a terminal that the test reads: the page, its keys, its size, and that the terminal is given back
whatever ends it."""
import contextlib
import os
import signal
import subprocess
import tempfile
import termios
import time

import harness
import lgcfile
from harness import Source, check, command, equal
from playing import memory_file, playing, with_file
from screen import Screen


def report(number):
    """Of two call stacks one grows, and is lost in part; the other shrinks. Then there are more of them."""
    r = lgcfile.Report(live=1, cause="control", scan=number + 1, uptime_ms=60500 + 1000 * number, program="/bin/my \x1b[2Japp")
    r.module("/nowhere/app", 0x400000, 0x500000, 0x400000)
    r.frame(16, 0, 0x401001, 0).frame(17, 16, 0x402001, 0).frame(18, 16, 0x403001, 0)
    r.site("definite", 17, 1000 + 500 * number, 10).site("reachable", 17, 2000, 20)
    r.site("reachable", 18, 1 << 20, 1) if number < 2 else r.site("reachable", 18, 1 << 19, 1)
    for i in range(40 if number > 2 else 0):
        r.frame(30 + i, 16, 0x404001 + i * 16, 0).site("reachable", 30 + i, 10 + i, 1)
    return r.scan(number + 1, stop_us=1234).bytes()


@contextlib.contextmanager
def top(*words, lines=24, columns=80, env=None, reports=report):
    def answer(client, request, number):
        equal(request, "dump\n")
        with_file(client, "ok scan=1\n", memory_file(reports(number)))

    with playing(answer) as pid:
        screen = Screen([harness.leakgc, "top", "--interval", "1", *words, str(pid)], lines, columns,
                        env=dict(os.environ, NO_COLOR="") | (env or {}))
        try:
            yield screen
        finally:
            screen.close()


def row(screen, place):
    return next((line.split() for line in screen.text().split("\n") if place in line and "search" not in line), None)


FIRST = """leakgc top  my �[2Japp (%d), up 60.5 s
live 1027K in 31 blocks (0)  lost 1000 in 10  scans 1  stop 1.23 ms

  *LIVE   GROWTH    LOST  BLOCKS  WHERE
  1024K        0       0       1  app+0x3001
   3000        0    1000      30  app+0x2001
"""


def test_once():
    with playing(lambda client, request, number: with_file(client, "ok scan=1\n", memory_file(report(0)))) as pid:
        status, out, err = command("top", "--once", str(pid))
    equal((status, out), (0, FIRST % os.getpid()), err)


def test_once_on_a_full_disk():
    with playing(lambda client, request, number: with_file(client, "ok scan=1\n", memory_file(report(0)))) as pid:
        with open("/dev/full", "w") as full:
            done = subprocess.run([harness.leakgc, "top", "--once", str(pid)], stdout=full, stderr=subprocess.PIPE, text=True)
    equal((done.returncode, done.stderr.split("\n")[-2]), (1, "leakgc top: writing the page: No space left on device"))


def test_page():
    with top() as screen:
        screen.wait("q quit")
        equal(screen.text().rstrip("\n").split("\n"), (FIRST % os.getpid()).rstrip("\n").split("\n") + [""] * 17 +
              ["q quit  s sort (live)  enter stack  / search  every 1 s"])
        check(screen.other and not screen.cursor, "not the other screen")
        screen.wait("scans 3")
        equal(row(screen, "app+0x2001")[:4], ["4000", "+1000", "2000", "30"])
        equal(row(screen, "app+0x3001")[:4], ["512K", "-512K", "0", "1"])
        check("31" in screen.styles, "lost rows are not red")
        screen.type("q")
        equal(screen.finish(), 0)
        check(not screen.is_behind_edge, "it wrote behind the edge")


def test_keys():
    with top(reports=lambda number: report(3)) as screen:
        screen.wait("*LIVE")
        for name in ("*GROWTH", "*LOST", "*BLOCKS", "*LIVE"):
            screen.type("s")
            screen.wait(name)
        screen.type("\x1b[B\r")
        page = screen.wait("back to the list")
        check("   0  app+0x2001" in page and "   1  app+0x1001" in page, page)
        screen.type("\x1b")
        screen.wait("/ search")
        screen.type("/2001")
        screen.wait(lambda: row(screen, "app+0x2001") and not row(screen, "app+0x3001"))
        screen.type("\x7fx\r")
        screen.wait("nothing is called so")
        screen.type("\x1b")
        screen.wait("app+0x3001")
        screen.type("\x1b[F")
        screen.wait("app+0x4001")  # the smallest of 42
        check(not row(screen, "app+0x3001"), "the first row is there too", screen.text())
        screen.type("\x1b[5~\x1b[5~\x1b[5~")
        screen.wait("app+0x3001")
        screen.type("\x1b[99~\x1bOZ\x00\xff")  # no keys
        screen.type("q")
        equal(screen.finish(), 0)


def test_sizes():
    with top(reports=lambda number: report(3)) as screen:
        screen.wait("q quit")
        for lines, columns in ((10, 40), (6, 20), (2, 10), (1, 1), (50, 200)):
            screen.resize(lines, columns)
            screen.wait(lambda: screen.text().strip())
        screen.wait("q quit")
        check(sum("app+0x" in line for line in screen.text().split("\n")) == 42, "not all rows", screen.text())
        screen.type("q")
        equal(screen.finish(), 0)


def test_no_color():
    with top(env={"NO_COLOR": "1"}) as screen:
        screen.wait("q quit")
        screen.type("q")
        screen.finish()
        check("31" not in screen.styles, screen.styles)


def is_stopped(pid):
    with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
        return file.read().rpartition(") ")[2][0] == "T"


def test_signals():
    """Each ends it as it would end any program, and the terminal is as before."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV, signal.SIGABRT):
        with top() as screen:
            screen.wait("q quit")
            os.kill(screen.process.pid, number)
            equal(screen.finish(), -number)
    with top() as screen:  # from the keyboard
        screen.wait("q quit")
        screen.process.send_signal(signal.SIGTSTP)
        end = time.monotonic() + 5
        while screen.other and time.monotonic() < end:
            screen.read()
        check(not screen.other and screen.cursor, "it stopped without giving back the screen")
        while not is_stopped(screen.process.pid) and time.monotonic() < end:
            time.sleep(0.01)
        screen.process.send_signal(signal.SIGCONT)
        screen.wait(lambda: screen.other)
        screen.wait("q quit")
        screen.type("q")
        equal(screen.finish(), 0)


HARM = """#include <signal.h>
#include <stdlib.h>
int prctl(int operation, ...) /* PR_SET_PDEATHSIG: the first thing that a worker does */
{
    if (operation == 1)
        %s;
    return 0;
}
"""


def test_worker_dies():
    """However the worker that finds names ends, the page and the terminal stay with the command."""
    for harm in ("raise(SIGSEGV)", "raise(SIGTERM)", "exit(1)", "return 0"):
        with tempfile.TemporaryDirectory() as folder:  # without spaces
            library = Source(folder, "harm.c", HARM % harm).build("harm.so", "-shared", "-fPIC")
            with top(env={"LD_PRELOAD": library}) as screen:
                screen.wait("scans 2")
                check(screen.other and not screen.cursor, harm, "the page is gone")
                check(not termios.tcgetattr(screen.slave)[3] & termios.ICANON, harm, "the terminal is given back")
                screen.type("q")
                equal(screen.finish(), 0)


def shared_mappings(screen):
    with open("/proc/%d/maps" % screen.process.pid, encoding="utf-8") as file:
        return sum(line.split()[1] == "rw-s" for line in file)


def test_nothing_piles_up():
    """Each report has a call stack that is new, so names are asked for each time. It runs for days."""
    def reports(number):
        r = lgcfile.Report(live=1, scan=number + 1).module("/nowhere/app", 0x400000, 0x500000)
        return r.frame(16, 0, 0x401001 + number * 16, 0).site("reachable", 16, 1 << 20, 1).scan(number + 1).bytes()

    with top(reports=reports) as screen:
        screen.wait("scans 2")
        screen.wait("q quit")
        first = shared_mappings(screen)
        screen.wait("scans 5")
        equal(shared_mappings(screen) - first, 0, "mappings more")
        screen.type("q")
        equal(screen.finish(), 0)


def test_errors_on_the_way():
    def reports(number):
        return report(number) if number < 2 else b"nonsense"

    with top(reports=reports) as screen:
        equal(screen.finish(), 3)
        equal(screen.process.stderr.read(), b"leakgc top: what came is no report\n")


def test_end_of_the_program():
    library = os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so")
    words = ["awk", "BEGIN { while (1) { x = x \"12345678\"; if (length(x) > 100000) x = \"\" } }"]
    child = subprocess.Popen(words, env=dict(os.environ, LD_PRELOAD=library, LEAKGC_REPORT="/dev/null"))
    try:
        end = time.monotonic() + 10
        while not os.path.exists("/tmp/leakgc.%d" % child.pid) and time.monotonic() < end:
            time.sleep(0.05)
        screen = Screen([harness.leakgc, "top", str(child.pid)])
        screen.wait("q quit")
        child.kill()
        child.wait()
        equal(screen.finish(), 0)
        check("the program has ended" in screen.text(), screen.text())
        screen.close()
    finally:
        child.kill()
        child.wait()
        with contextlib.suppress(FileNotFoundError):
            os.unlink("/tmp/leakgc.%d" % child.pid)


def test_no_terminal():
    with playing(lambda client, request, number: with_file(client, "ok scan=1\n", memory_file(report(0)))) as pid:
        equal(command("top", str(pid)), (1, "", "leakgc top: stdin and stdout are no terminal; see --once\n"))
    equal(command("top", "--sort", "name", "1")[0], 2)
