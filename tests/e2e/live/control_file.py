# SPDX-License-Identifier: MIT
"""The file of the control socket: whose it is, when it goes, and what it may take the place of."""

import contextlib
import os
import signal
import socket
import stat
import time

from living import Living, ask, check, connect, default_path, remove, wait_for, word_of


def gone(path):
    return not os.path.lexists(path)


def together(bench, settings):
    """Programs that run at the same time, one for each of the options."""
    stack = contextlib.ExitStack()
    return stack, [stack.enter_context(Living(bench, options, errors="stderr%d" % number))
                   for number, options in enumerate(settings)]


def check_ends(bench):
    stack, programs = together(bench, [""] * 2)
    with stack:
        for program, word in zip(programs, ("exit", "_exit")):
            path = program.wait_socket()
            mode = os.lstat(path).st_mode
            check(stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600, "its mode is %o" % mode)
            program.leave(word)
            check(gone(path), "it stays after %s" % word)


def check_stale(bench):
    """One name for two processes: the second takes the place of a dead one, not of a living one."""
    path = os.path.join(bench.cwd, "named")
    with Living(bench, "control=named") as program:
        program.wait_socket(path)
    check(not gone(path), "who removed it?")
    with Living(bench, "control=named") as second:
        wait_for("an answer", lambda: answers(path))
        check(word_of(ask(path), "pid") == str(second.pid), "the wrong process answers")
        with Living(bench, "control=named:verbose=1", errors="third") as third:
            third.wait_thread()
            wait_for("a complaint", lambda: "something else is at '%s'" % path in third.stderr())
            check(word_of(ask(path), "pid") == str(second.pid), "the living one lost it")
            check(third.leave("exit") == 0, "its status")
        check(word_of(ask(path), "pid") == str(second.pid), "the third one removed it")


def answers(path):
    try:
        connect(path).close()
        return True
    except OSError:
        return False


def check_swept(bench):
    """Who makes a socket removes those of processes that were killed, and nothing else."""
    none = 4190000  # no such process: the kernel's highest is 4194303, and they are taken from below
    stale, text, other_name = (default_path(none + number) for number in range(3))
    other_name += "x"
    for number in range(5):  # of a run of this test that was killed
        remove(default_path(none + number))
    remove(other_name)
    for path in (stale, other_name):
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(path)
    open(text, "w").close()
    others = [text, other_name]
    if os.geteuid() == 0:
        others.append(default_path(none + 4))
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(others[-1])
        os.chown(others[-1], 65534, 65534)
    living = socket.socket(socket.AF_UNIX)
    others.append(default_path(none + 3))
    living.bind(others[-1])
    living.listen()
    with Living(bench) as first:
        mine = first.wait_socket()
        with Living(bench) as second:
            second.wait_socket()
            wait_for("the stale one to go", lambda: gone(stale))
            check(not any(gone(path) for path in others + [mine]), "too much was removed")
    living.close()
    for path in others:
        os.unlink(path)


def check_same_as_report(bench):
    with Living(bench, "control=/tmp/leakgc.%p:report=/tmp/leakgc.%p:exitcode=3") as program:
        program.tell("lose")
        program.wait_thread()
        time.sleep(0.2)
        check(program.leave("exit") == 3 and not program.stderr(), "stderr", program.stderr())
        with open(default_path(program.pid), encoding="utf-8") as file:
            check("109 byte(s) leaked in 1 allocation(s)" in file.read(), "no report in the file")


def check_foreign(bench):
    """A file, a link, a folder, a datagram socket: left alone, and without verbose nothing is said."""
    paths = [os.path.join(bench.cwd, "foreign%d" % number) for number in range(4)]
    datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    open(paths[0], "w").close()
    os.symlink("/nowhere", paths[1])
    os.mkdir(paths[2])
    datagrams.bind(paths[3])
    before = [os.lstat(path) for path in paths]
    stack, programs = together(bench, ["control=%s:interval=50ms:scan_log=%s.log" % (path, path) for path in paths])
    with stack:
        for program, path, file in zip(programs, paths, before):
            wait_for("a scan", lambda: os.path.exists(path + ".log"))
            check(program.leave("exit") == 0 and not program.stderr(), "it said something", program.stderr())
            check(os.lstat(path).st_ino == file.st_ino, "it was replaced")
    datagrams.close()


def check_out_of_reach(bench):
    """A path that the user named is complained of, once."""
    with Living(bench, "control=/nowhere/leakgc:interval=50ms") as program:
        wait_for("the complaint", program.stderr)
        time.sleep(0.3)
        check(program.stderr() == "==%d==leakgc: no control socket '/nowhere/leakgc' (ENOENT)\n" % program.pid,
              "the complaint", program.stderr())


def check_again(bench):
    """Taken away by somebody else, it is made again; with the mask of the program."""
    with Living(bench, "interval=100ms") as program:
        path = program.wait_socket()
        program.tell("umask")
        os.unlink(path)
        program.wait_socket()
        check(stat.S_IMODE(os.lstat(path).st_mode) == 0o600 and ask(path).startswith("ok "), "not the same")
        check(program.leave("exit") == 0 and gone(path), "it stays")


def test(bench):
    check_ends(bench)
    check_stale(bench)
    check_swept(bench)
    check_same_as_report(bench)
    check_foreign(bench)
    check_out_of_reach(bench)
    check_again(bench)
