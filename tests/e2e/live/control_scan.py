# SPDX-License-Identifier: MIT
"""A scan asked for over the control socket: it finds what is lost and nothing else, says what asked for it,
and serves all who wait; the command says the same in words."""

import os
import re
import signal
import time

import runner
from living import Living, ask, check, connect, read_all, word_of


def command(bench, *words):
    return bench.run([os.path.join(bench.build, "leakgc"), "scan", *words], preload=False)


def check_nothing_lost(bench):
    with Living(bench, "min_age=0:scan_log=scans") as program:
        path = program.wait_socket()
        for number in (1, 2):
            line = ask(path)
            check(line.startswith("ok scan=%d pid=%d " % (number, program.pid)), "wrong answer", line)
            check(line.endswith("\n") and line.count("\n") == 1, "not one line", line)
            check(word_of(line, "cause") == "control" and word_of(line, "result") == "ok", "wrong words", line)
            check(word_of(line, "lost_blocks") == "0" and word_of(line, "leaked_blocks") == "0", "a leak", line)
        done = command(bench, str(program.pid))
        check((done.status, done.stdout) == (0, "scan 3: no leaks\n"), "the command says", done.stdout + done.stderr)
        with open(os.path.join(bench.cwd, "scans"), encoding="utf-8") as log:
            check(log.read().count("cause=control") == 3, "the scan log lacks them")
        check(program.leave("exit") == 0 and not program.stderr(), "it said something", program.stderr())


def check_loss(bench):
    with Living(bench, "min_age=0") as program:
        path = program.wait_socket()
        program.tell("lose")
        done = command(bench, str(program.pid))
        check((done.status, done.stdout) == (0, "scan 1: no leaks for certain; 1 block lost, to be confirmed\n"),
              "the first time", done.stdout + done.stderr)
        done = command(bench, str(program.pid))
        check((done.status, done.stdout) ==
              (1, "scan 2: 1 block (109 bytes) leaked, 1 new; the report is where the process writes its reports\n"),
              "the second time", done.stdout + done.stderr)
        check("(scan 2: control, " in program.stderr() and "109 byte(s) in 1 object(s)" in program.stderr(),
              "no report", program.stderr())
        done = command(bench, "--raw", str(program.pid))
        check(done.status == 1 and re.match(r"scan=3 .* cause=control .*\bnew_blocks=0 ", done.stdout), "raw",
              done.stdout + done.stderr)
        both = [connect(path) for _ in range(2)]
        for client in both:
            client.sendall(b"scan\n")
        lines = [read_all(client) for client in both]
        check(all(line.startswith("ok scan=") and word_of(line, "leaked_blocks") == "1" for line in lines),
              "two clients", repr(lines))


def check_without(bench, options):
    """The negative control: no socket, and the command says so."""
    with Living(bench, options + ":signal=USR2") as program:
        os.kill(program.pid, signal.SIGUSR2)
        program.wait_thread()
        done = command(bench, str(program.pid))
        check(done.status == 3 and "has no control socket" in done.stderr, "with " + options, done.stdout + done.stderr)
        check(not os.path.exists("/tmp/leakgc.%d" % program.pid), "there is a file")


def check_thread_is_due_to_it(bench):
    """Without other reasons for scans, the thread is there only when the socket was asked for by name."""
    with Living(bench, "interval=0:control=named") as program:
        check(ask(program.wait_socket(os.path.join(bench.cwd, "named"))).startswith("ok "), "no scan")
    with Living(bench, "interval=0") as program:
        time.sleep(1.5)
        check(len(os.listdir("/proc/%d/task" % program.pid)) == 1, "a thread for nothing")


def test(bench):
    check_nothing_lost(bench)
    check_loss(bench)
    check_without(bench, "control=")
    check_thread_is_due_to_it(bench)
