# SPDX-License-Identifier: MIT
"""`leakgc scan`: what it says and its status; other programs' words about the real library are in
tests/e2e/live. Here this process, or a child, plays a process with a control socket: a thread called leakgc that
listens."""
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading

import harness
from harness import check, command, equal

LINE = ("scan=12 pid=1 cause=control result=ok lost_bytes=%d lost_blocks=%d leaked_bytes=%d leaked_blocks=%d new_bytes=1"
        " new_blocks=%d untracked_blocks=0")


@contextlib.contextmanager
def server(answer, path=None):
    """This process has the socket; answer(connection) deals with one client."""
    with tempfile.TemporaryDirectory(prefix="leakgc-scan-") as folder:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path or os.path.join(folder, "control"))
        listener.listen()

        def serve():
            with open("/proc/thread-self/comm", "w") as name:
                name.write("leakgc")
            named.set()
            try:
                client = listener.accept()[0]
            except OSError:
                return
            with client:
                answer(client)

        named = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        named.wait()
        try:
            yield os.getpid()
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join()


def scan(answer, *words):
    def speak(client):
        equal(client.recv(100), b"scan\n", "the request")
        with contextlib.suppress(BrokenPipeError):  # it does not listen for ever
            client.sendall(answer if isinstance(answer, bytes) else answer.encode())

    with server(speak) as pid:
        return command("scan", *words, str(pid))


def test_words():
    where = "; the report is where the process writes its reports"
    for numbers, status, words in (
            ((0, 0, 0, 0, 0), 0, "no leaks"),
            ((4711, 3, 4711, 3, 1), 1, "3 blocks (4711 bytes) leaked, 1 new" + where),
            ((1, 1, 1, 1, 0), 1, "1 block (1 byte) leaked, 0 new"),
            ((2, 2, 0, 0, 0), 0, "no leaks for certain; 2 blocks lost, to be confirmed"),
            ((3, 3, 2, 2, 2), 1, "2 blocks (2 bytes) leaked, 2 new; 1 more block lost, to be confirmed" + where)):
        equal(scan("ok " + LINE % numbers + "\n"), (status, f"scan 12: {words}\n", ""), numbers)
        equal(scan("ok " + LINE % numbers + "\n", "--raw"), (status, LINE % numbers + "\n", ""), numbers)


def test_no_result():
    equal(scan("error the scan failed: no memory\n"), (3, "", "leakgc scan: the scan failed: no memory\n"))
    equal(scan("ok scan=3 result=incomplete missed=1\n"),
          (3, "", "leakgc scan: scan 3 is incomplete: not every thread could be stopped\n"))
    equal(scan("ok scan=3 result=incomplete missed=1\n", "--raw"), (3, "scan=3 result=incomplete missed=1\n", ""))


def test_odd_answers():
    odd = "leakgc scan: the answer is not understood; another version?"
    ended = "leakgc scan: the process ended before it answered\n"
    for answer, message in (("\n", odd + "\n"), ("okay scan=1\n", odd + "\n"), ("ok \n", odd + " --raw shows it\n"),
                            ("ok result=ok\n", odd + " --raw shows it\n"), ("ok xscan=1 result=ok\n", odd + " --raw shows it\n"),
                            ("", ended), ("ok scan=1", ended), (b"x" * 4095, "leakgc scan: the answer is not one line\n"),
                            (b"x" * 100000, "leakgc scan: the answer is not one line\n"),
                            ("error \x1b[31mred\x7f\n", "leakgc scan: ?[31mred?\n"),
                            (b"error \xff\xfe\0x\n", "leakgc scan: ??\n")):
        equal(scan(answer), (3, "", message), answer[:40])


def test_timeout():
    done = threading.Event()
    with server(lambda client: done.wait(5)) as pid:
        equal(command("scan", "--timeout", "1", str(pid)), (3, "", "leakgc scan: no answer in time\n"))
        done.set()


def test_slow_answer():
    def slowly(client):
        for letter in ("ok " + LINE % (0, 0, 0, 0, 0) + "\n").encode():
            client.sendall(bytes([letter]))

    with server(slowly) as pid:
        equal(command("scan", str(pid))[:2], (0, "scan 12: no leaks\n"))


def test_no_process():
    child = subprocess.Popen(["true"])
    child.wait()
    equal(command("scan", str(child.pid)), (3, "", f"leakgc scan: there is no process {child.pid}\n"))


def test_thread_of_a_process():
    with server(lambda client: None) as pid:
        thread = next(int(name) for name in os.listdir("/proc/self/task") if int(name) != pid)
        equal(command("scan", str(thread)), (3, "", f"leakgc scan: {thread} is a thread of process {pid}\n"))


def test_not_under_the_library():
    pid = os.getpid()
    equal(command("scan", str(pid)), (3, "", f"leakgc scan: process {pid} does not run under libleakgc.so\n"))


def test_under_the_library_without_socket():
    library = os.path.join(os.path.dirname(harness.leakgc), "libleakgc.so")
    child = subprocess.Popen(["sleep", "60"], env=dict(os.environ, LD_PRELOAD=library, LEAKGC_CONTROL=""))
    try:
        while True:
            with open(f"/proc/{child.pid}/maps") as maps:
                if "libleakgc" in maps.read():
                    break
        status, out, err = command("scan", str(child.pid))
        equal((status, out), (3, ""))
        check(err.startswith(f"leakgc scan: process {child.pid} has no control socket: "), err)
    finally:
        child.kill()
        child.wait()


def test_socket_of_another_process():
    """Who listens in the end is another process than the one that was asked for."""
    with tempfile.TemporaryDirectory(prefix="leakgc-scan-") as folder:
        path = os.path.join(folder, "control")

        def move():
            os.unlink(path)
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                other = socket.socket(socket.AF_UNIX)
                other.bind(path)
                other.listen()
                os.write(writing, b"x")
                threading.Event().wait(30)
                os._exit(0)
            os.read(reading, 1)
            os.close(reading)
            os.close(writing)
            return child

        with server(lambda client: None, path) as pid:
            child = move()
            try:
                equal(command("scan", "--timeout", "5", str(pid)),
                      (3, "", f"leakgc scan: the control socket of process {pid} is not its own\n"))
            finally:
                os.kill(child, 9)
                os.waitpid(child, 0)


def test_links_stay_inside_the_root():
    """A process in a root of its own, in which a link leads to an absolute path."""
    if os.geteuid() != 0:
        raise harness.Skip("only root can change the root")
    script = """
import os, socket, sys
root = sys.argv[1]
os.mkdir(root + "/real"); os.symlink("/real", root + "/link"); os.mkdir(root + "/proc")
names = open("/proc/self/comm", "w")
os.chroot(root)
os.chdir("/")
listener = socket.socket(socket.AF_UNIX)
listener.bind("/link/control"); listener.listen()
names.write("leakgc"); names.flush()
print("ready", flush=True)
client = listener.accept()[0]
client.recv(100)
client.sendall(b"error reached\\n")
"""
    with tempfile.TemporaryDirectory(prefix="leakgc-scan-") as folder:
        child = subprocess.Popen([sys.executable, "-c", script, folder], stdout=subprocess.PIPE)
        try:
            equal(child.stdout.readline(), b"ready\n")
            equal(command("scan", "--timeout", "5", str(child.pid)), (3, "", "leakgc scan: reached\n"))
        finally:
            child.kill()
            child.stdout.close()
            child.wait()


def test_long_path():
    """Longer than an address of a socket may be, below /proc/PID/root."""
    folder = tempfile.mkdtemp(prefix="leakgc-scan-")
    path = os.path.join(folder, "x" * (107 - len(folder) - 1))
    with server(lambda client: client.sendall(b"error reached\n"), path) as pid:
        equal(command("scan", str(pid)), (3, "", "leakgc scan: reached\n"))
    os.unlink(path)
    os.rmdir(folder)
