# SPDX-License-Identifier: MIT
"""The control socket and other programs and processes: a program that is executed in place has its own, and so
has a child."""

import os
import signal
import time

from living import Living, ask, check, cpu_ticks, default_path, remove, wait_for, word_of


def check_executions(bench):
    with Living(bench) as program:
        path = program.wait_socket()
        before = os.lstat(path).st_ino
        for word in ("forkexec", "vforkexec"):
            program.tell(word)
            check(os.lstat(path).st_ino == before, "after " + word)
        check(program.tell("badexec") == -1, "it was executed")
        wait_for("the socket after an execution that failed", lambda: os.path.exists(path), seconds=3)
        check(ask(path).startswith("ok scan=1 "), "no answer after an execution that failed")
        program.send("exec")
        program.wait_restart()
        check(not os.path.exists(path), "it stays when a program is executed")
        program.wait_socket()
        check(ask(path).startswith("ok scan=1 "), "the new program has none")


def check_children(bench):
    with Living(bench) as program:
        path = program.wait_socket()
        child = program.tell("fork")
        wait_for("the child's socket", lambda: os.path.exists(default_path(child)))
        for pid in (child, program.pid):
            check(word_of(ask(default_path(pid)), "pid") == str(pid), "the wrong process answers")
        os.kill(child, signal.SIGKILL)
        check(ask(path).startswith("ok "), "no answer after the child's end")
    remove(default_path(child))


def check_child_of_one_name(bench):
    """The name is the parent's: the child has no socket, and does not look after the parent's."""
    path = os.path.join(bench.cwd, "family")
    with Living(bench, "control=family") as program:
        program.wait_socket(path)
        child = program.tell("fork")
        wait_for("the child's thread", lambda: len(os.listdir("/proc/%d/task" % child)) > 1)
        before = cpu_ticks(child)
        time.sleep(1)
        check(cpu_ticks(child) - before < 20, "the child's thread is busy")
        os.kill(child, signal.SIGKILL)
        check(word_of(ask(path), "pid") == str(program.pid), "the wrong process answers")


def test(bench):
    check_executions(bench)
    check_children(bench)
    check_child_of_one_name(bench)
