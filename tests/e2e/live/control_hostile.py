# SPDX-License-Identifier: MIT
"""Clients that say nothing, too much, nonsense, or leave: the program runs on, scans by interval still come,
and who asks properly is answered."""

import os
import signal
import socket
import time

from living import Living, ask, check, connect, cpu_ticks, default_path, read_all, switches, wait_for


def scans(bench):
    with open(os.path.join(bench.cwd, "scans"), encoding="utf-8") as log:
        return log.read().count("cause=interval")


def say_nothing(path):
    with connect(path) as client:
        begin = time.monotonic()
        check(read_all(client) == "error no request came\n", "no word for the silent")
        check(0.5 < time.monotonic() - begin < 5, "it was not a second")


def say_too_much(path):
    with connect(path) as client:
        try:
            for _ in range(160):
                client.sendall(b"x" * 65536)
        except (BrokenPipeError, ConnectionResetError):
            pass
        else:
            check(False, "10 MB were taken")
        check(read_all(client) in ("error request too long\n", ""), "it was taken for a request")


def talk_nonsense(path):
    for text in (b"\n", b"\0\n", b"scan \n", b"scanx\n", b"SCAN\n", b"sca\0n\n", bytes(range(11, 256)) + b"\n"):
        with connect(path) as client:
            client.sendall(text)
            check(read_all(client) == "error unknown request\n", "%r was taken for a request" % text)
    for text in (b"scan", b"scan\n"):
        connect(path).close()
        with connect(path) as client:
            client.sendall(text)


def speak_slowly(path):
    with connect(path) as client:
        for letter in b"scan\n":
            client.sendall(bytes([letter]))
            time.sleep(0.05)
        check(read_all(client).startswith("ok scan="), "the slow are not heard")


def never_listen(path):
    """Asks, and does not take the answer."""
    clients = [connect(path) for _ in range(3)]
    for client in clients:
        client.sendall(b"scan\n")
    return clients


def come_in_crowds(path):
    clients = [socket.socket(socket.AF_UNIX) for _ in range(200)]
    refused = 0
    for client in clients:
        client.setblocking(False)
        try:
            client.connect(path)
        except BlockingIOError:
            refused += 1
    check(100 < refused < 200, "%d of 200 were refused" % refused)
    return clients


def check_attacks(bench):
    with Living(bench, "interval=200ms:scan_log=scans") as program:
        path = program.wait_socket()
        wait_for("the log", lambda: os.path.exists(os.path.join(bench.cwd, "scans")))
        for attack in (say_nothing, say_too_much, talk_nonsense, speak_slowly, never_listen, come_in_crowds):
            before = scans(bench)
            clients = attack(path)
            check(program.tell("lose") == 0, "the program stands still")
            wait_for("a scan by interval after " + attack.__name__, lambda: scans(bench) > before)
            for client in clients or ():
                client.close()
            check(ask(path).startswith("ok scan="), "no answer after " + attack.__name__)
        check(program.leave("exit") == 0 and not os.path.exists(default_path(program.pid)), "the end")


def check_it_sleeps(bench):
    """Woken by whatever wakes it, it goes to sleep again."""
    with Living(bench, "signal=USR2") as program:
        path = program.wait_socket()
        program.tell("badexec")
        program.wait_socket()
        os.kill(program.pid, signal.SIGUSR2)
        never_listen(path)
        come_in_crowds(path)
        check(ask(path).startswith("ok scan="), "no answer")
        time.sleep(0.2)
        before = switches(program.pid)
        ticks = cpu_ticks(program.pid)
        time.sleep(2)
        check(switches(program.pid) - before <= 2, "it does not sleep")
        check(cpu_ticks(program.pid) - ticks <= 5, "it is busy")


def test(bench):
    check_attacks(bench)
    check_it_sleeps(bench)
