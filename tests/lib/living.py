# SPDX-License-Identifier: MIT
"""Owns: a program that lives under the library while a test talks to it and to its control socket.

The program does what it is told over its standard input, one word at a time, and allocates meanwhile, so that
the library's thread starts after the first second:

    lose      loses a block of 109 bytes
    keep      keeps one of 211 bytes
    nofiles   no file may grow any more
    fork      has a child that lives on; the answer is its process id
    forkexec  has a child that executes `true`, and waits for it; vforkexec: by vfork
    exec      executes itself; badexec: tries to execute what is not there
    become    gives up root: user and group 65534
    umask     sets the mask to 0077
    exit, _exit
"""

import os
import re
import signal
import socket
import subprocess
import time

import runner

PROGRAM = """
#include "leaktest.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void allocate(void)
{
    void *p = malloc(300000);
    use(p);
    free(p);
}

static struct kept {
    struct kept *next;
} *kept;

static NOINLINE void lose(void)
{
    use(malloc(109));
    clobber();
}

static NOINLINE void keep(void)
{
    struct kept *k = malloc(211);
    k->next = kept;
    kept = k;
}

static int have_child(const char *how)
{
    pid_t child = how[0] == 'v' ? vfork() : fork();
    CHECK(child >= 0);
    if (child == 0 && strstr(how, "exec")) {
        execl("/bin/true", "true", NULL);
        _exit(98);
    }
    while (child == 0) {
        allocate();
        usleep(5000);
    }
    if (strstr(how, "exec"))
        waitpid(child, NULL, 0);
    return child;
}

static int obey(const char *word, char **argv)
{
    char *nowhere[] = {"/nowhere", NULL};
    if (!strcmp(word, "lose"))
        lose();
    else if (!strcmp(word, "keep"))
        keep();
    else if (!strcmp(word, "nofiles"))
        return setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0});
    else if (strstr(word, "fork"))
        return have_child(word);
    else if (!strcmp(word, "exec"))
        return execv("/proc/self/exe", argv);
    else if (!strcmp(word, "badexec"))
        return execv(nowhere[0], nowhere);
    else if (!strcmp(word, "become"))
        return setgid(65534) || setuid(65534);
    else if (!strcmp(word, "umask"))
        return (int)umask(0077);
    else if (!strcmp(word, "exit"))
        exit(0);
    else if (!strcmp(word, "_exit"))
        _exit(0);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argc;
    static char word[64];
    dprintf(1, "ready 0\\n");
    for (;;) {
        struct pollfd in = {.fd = 0, .events = POLLIN};
        allocate();
        if (poll(&in, 1, 5) <= 0)
            continue;
        ssize_t n = read(0, word, sizeof word - 1);
        if (n <= 0)
            return 0;
        word[n - 1] = 0;
        dprintf(1, "%s %d\\n", word, obey(word, argv));
    }
}
"""


def wait_for(what, holds, seconds=15):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise runner.Failure("in vain: waited for " + what)
        time.sleep(0.01)


def check(condition, why, detail=""):
    if not condition:
        raise runner.Failure(why, detail)


def default_path(pid):
    return "/tmp/leakgc.%d" % pid


def remove(path):
    """What a process left that was killed, unless another one swept it away."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def connect(path, timeout=15):
    """Waits while too many others are there."""
    end = time.monotonic() + timeout
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(timeout)
    while True:
        try:
            client.connect(path)
            return client
        except BlockingIOError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def read_all(client):
    """What comes until the other side closes."""
    text = b""
    try:
        while True:
            piece = client.recv(65536)
            if not piece:
                return text.decode()
            text += piece
    except ConnectionResetError:
        return text.decode()


def ask(path, request="scan\n"):
    with connect(path) as client:
        client.sendall(request.encode())
        return read_all(client)


def word_of(line, key):
    found = re.search(r"\b%s=(\S+)" % key, line)
    return found.group(1) if found else None


def switches(pid):
    """How often the library's thread woke up."""
    with open("/proc/%d/task/%d/status" % (pid, thread_of(pid)), encoding="utf-8") as file:
        return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", file.read(), re.M).group(1))


def thread_of(pid):
    """The library's thread: the last of them all."""
    return max(int(name) for name in os.listdir("/proc/%d/task" % pid) if int(name) != pid)


def cpu_ticks(pid):
    """The processor time of that thread."""
    with open("/proc/%d/task/%d/stat" % (pid, thread_of(pid)), encoding="utf-8") as file:
        return sum(int(word) for word in file.read().rpartition(")")[2].split()[11:13])


class Living:
    """The program, running; a context manager that ends it."""

    def __init__(self, bench, options="", errors="living.stderr"):
        exe = os.path.join(bench.cwd, "living")
        self.exe = exe if os.path.exists(exe) else bench.compile(PROGRAM, "-O1 -g", name="living.c")
        settings = runner.clean_environment(LD_PRELOAD=bench.library, LEAKGC_OPTIONS=options)
        self.errors = os.path.join(bench.cwd, errors)
        with open(self.errors, "wb") as file:
            self.process = subprocess.Popen([self.exe], env=settings, cwd=bench.cwd, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=file, start_new_session=True)
        self.pid = self.process.pid
        self._read("ready")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        remove(default_path(self.pid))

    def _read(self, word):
        line = self.process.stdout.readline().decode().split()
        check(line and line[0] == word, "the program said %r, not %r" % (line, word), self.stderr())
        return int(line[1])

    def tell(self, word):
        """What the program answers."""
        self.send(word)
        return self._read(word)

    def send(self, word):
        self.process.stdin.write(word.encode() + b"\n")
        self.process.stdin.flush()

    def leave(self, word):
        """Has it end in this way; its status."""
        self.send(word)
        return self.process.wait(20)

    def wait_restart(self):
        self._read("ready")

    def wait_socket(self, path=None):
        path = path or default_path(self.pid)
        wait_for("the socket " + path, lambda: os.path.exists(path))
        return path

    def wait_thread(self):
        wait_for("the library's thread", lambda: len(os.listdir("/proc/%d/task" % self.pid)) > 1)

    def stderr(self):
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            return file.read()
