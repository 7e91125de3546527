# SPDX-License-Identifier: MIT
"""Other users are kept out, by the mode of the socket's file and by what the kernel says of the client; a
program that becomes another user takes its socket with it."""

import os
import shutil
import subprocess

import runner
from living import Living, ask, check, connect, read_all, wait_for

NOBODY = 65534


def as_nobody(action):
    """What action() returns when user nobody does it, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(writing, str(action()).encode())
        except Exception as why:
            os.write(writing, type(why).__name__.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        text = file.read()
    os.waitpid(child, 0)
    return text


def greeting(path):
    with connect(path, timeout=5) as client:
        return read_all(client)


def check_kept_out(bench):
    with Living(bench) as program:
        path = program.wait_socket()
        got = as_nobody(lambda: ask(path))
        check(got == "PermissionError", "the file's mode lets nobody in", got)
        os.chmod(path, 0o666)
        got = as_nobody(lambda: greeting(path))
        check(got == "error permission denied\n", "the library lets nobody in", got)
        check(ask(path).startswith("ok "), "and root is shut out")
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                               os.path.join(bench.build, "leakgc"), "scan", str(program.pid)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) if reachable(bench) else None
        if done:
            wanted = "leakgc scan: no permission to look into process %d\n" % program.pid
            check((done.returncode, done.stderr.decode()) == (3, wanted), "the command", done.stderr.decode())


def reachable(bench):
    return shutil.which("setpriv") and as_nobody(lambda: os.access(os.path.join(bench.build, "leakgc"), os.X_OK)) == "True"


def check_change(bench):
    with Living(bench) as program:
        path = program.wait_socket()
        check(os.lstat(path).st_uid == 0, "it is not root's")
        check(program.tell("become") == 0, "it is root still")
        wait_for("the new user's socket", lambda: os.path.exists(path) and os.lstat(path).st_uid == NOBODY)
        check(as_nobody(lambda: ask(path)).startswith("ok "), "the new user is shut out")
        check(ask(path).startswith("ok "), "root is shut out")
        check(program.leave("exit") == 0 and not os.path.exists(path), "it stays")


def test(bench):
    if os.geteuid() != 0:
        raise runner.Skip("only root can become somebody else")
    check_kept_out(bench)
    check_change(bench)
