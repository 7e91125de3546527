# SPDX-License-Identifier: MIT
"""`leakgc stat`, `dump`, `leaks`: what they say of answers, odd ones too; what the real library answers is tested in
tests/e2e/live."""
import os
import resource
import subprocess
import sys

import harness
import lgcfile
from harness import check, command, directory, equal
from playing import memory_file, playing, with_file

HEADER = "   uptime    live  blocks alloc/s  free/s    lost  leaked  blocks  scans      stop\n"


def numbers(uptime, live_bytes, live_blocks, allocated, lost=0, leaked=0, leaked_blocks=0, scans=0, stop=0):
    return (f"ok pid=1 uptime_ms={uptime} live_bytes={live_bytes} live_blocks={live_blocks} heap_bytes=1"
            f" allocated_blocks={allocated} lost_bytes={lost} lost_blocks=1 leaked_bytes={leaked}"
            f" leaked_blocks={leaked_blocks} scans={scans} last_stop_us={stop} longest_stop_us=9\n")


def stat(lines, *words):
    with playing(lambda client, request, number: client.sendall(lines[min(number, len(lines) - 1)].encode())) as pid:
        return command("stat", str(pid), *words)


def test_stat():
    lines = [numbers(2000, 3 << 20, 1000, 50000), numbers(3000, 2000, 400, 51000, 99999, 5, 1, 2, 1234),
             numbers(4000, 2000, 500, 51000)]
    first = "     2.0s   3072K    1000   25.0k   24.5k       0       0       0      0    0.00ms\n"
    equal(stat(lines), (0, HEADER + first, ""))
    second = "     3.0s    2000     400    1000    1600   97.7K       5       1      2    1.23ms\n"
    third = "     4.0s    2000     500       0       0       0       0       0      0    0.00ms\n"
    equal(stat(lines, "1", "3"), (0, HEADER + first + second + third, ""))
    equal(stat(lines, "--raw"), (0, lines[0][3:], ""))


def test_stat_header_comes_again():
    with playing(lambda client, request, number: client.sendall(numbers(2000 + number, 1, 1, 1).encode())) as pid:
        child = subprocess.Popen([harness.leakgc, "stat", str(pid), "1"], stdout=subprocess.PIPE)
        first = child.stdout.readline().decode()
        child.terminate()
        child.communicate()
    equal(first, HEADER)


def test_stat_odd():
    odd = "leakgc stat: the answer is not understood; another version?"
    for answer, message in (("ok \n", odd + " --raw shows it\n"), ("ok uptime_ms=1\n", odd + " --raw shows it\n"), ("x\n", odd + "\n"),
                            ("error unknown request\n", "leakgc stat: unknown request\n"),
                            ("", "leakgc stat: the process ended before it answered\n")):
        equal(stat([answer]), (3, "", message), answer)
    back = [numbers(5000, 1, 1, 1), numbers(4000, 1, 1, 1)]  # another program, executed in place
    status, _, err = stat(back, "1", "2")
    equal((status, err), (3, odd + " --raw shows it\n"))
    for words in ((), ("x",), ("1", "0"), ("1", "2", "x"), ("1", "2", "3", "4")):
        equal(command("stat", *words)[0], 2, words)


CROWD = r"""
/* One thread plays the library's, and those before it in the kernel's list end while argv asks it. */
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <stdio.h>
enum { CROWD = 500, FIRST_NS = 500000, STEP_NS = 20000, ASKED = 12 };
static struct timespec begin;
static pthread_barrier_t all;
static void *one(void *number)
{
    struct timespec until;
    pthread_barrier_wait(&all);
    pthread_barrier_wait(&all);
    long ns = begin.tv_nsec + FIRST_NS + STEP_NS * ((long)number * 7919 % CROWD);
    until.tv_sec = begin.tv_sec + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    return NULL;
}
static void *serve(void *listener)
{
    prctl(PR_SET_NAME, "leakgc");
    pthread_barrier_wait(&all);
    pthread_barrier_wait(&all);
    for (;;) {
        int client = accept((int)(long)listener, NULL, NULL);
        write(client, "error it is here\n", 17);
        close(client);
    }
}
int main(int argc, char **argv)
{
    struct sockaddr_un address = {AF_UNIX, "crowd.socket"};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), status;
    char self[20];
    pthread_t thread;
    getcwd(address.sun_path, 80);
    strcat(address.sun_path, "/s");
    unlink(address.sun_path);
    if (argc < 2 || bind(listener, (void *)&address, sizeof address) || listen(listener, 5))
        return 9;
    pthread_barrier_init(&all, NULL, CROWD + 2);
    for (long i = 0; i < CROWD; i++)
        pthread_create(&thread, NULL, one, (void *)i);
    pthread_create(&thread, NULL, serve, (void *)(long)listener);
    pthread_barrier_wait(&all);
    sprintf(self, "%d", getpid());
    clock_gettime(CLOCK_MONOTONIC, &begin);
    pthread_barrier_wait(&all);
    for (int i = 0; i < ASKED; i++) {
        if (!fork()) {
            execl(argv[1], argv[1], "stat", self, NULL);
            _exit(8);
        }
        wait(&status);
        if (WEXITSTATUS(status) != 3)
            return 7;
    }
    return 0;
}
"""


def test_stat_while_threads_end():
    folder = directory("crowd")
    exe = harness.Source(folder, "crowd.c", CROWD).build("crowd", "-pthread", "-w")
    for _ in range(20):
        done = subprocess.run([exe, harness.leakgc], cwd=folder, capture_output=True, text=True, timeout=60)
        equal((done.returncode, done.stdout, done.stderr), (0, "", 12 * "leakgc stat: it is here\n"))


def test_stat_on_a_full_disk():
    """Also when the C library forgets what it could not write, and whatever comes after."""
    for words in ("stat $1", "stat --raw $1", "stat $1 1 2"):
        with playing(lambda client, request, number: client.sendall(numbers(2000 + number, 1, 1, 1).encode())) as pid:
            done = subprocess.run(["sh", "-c", f'"$0" {words} > /dev/full', harness.leakgc, str(pid)],
                                  capture_output=True, text=True, timeout=60)
        equal((done.returncode, done.stderr), (1, "leakgc: writing to stdout: No space left on device\n"), words)


def ask(name, answer, *words, cwd=None):
    def speak(client, request, _):
        requests.append(request)
        answer(client)

    requests = []
    with playing(speak) as pid:
        return command(name, str(pid), *words, cwd=cwd), requests


def report():
    return lambda client: with_file(client, "ok scan=3\n", memory_file(lgcfile.sample().bytes()))


def test_dump():
    folder = directory("dump")
    done, requests = ask("dump", report(), cwd=folder)
    name = f"app.{os.getpid()}.lgc"
    equal((done, requests), ((0, name + "\n", ""), ["dump\n"]))
    with open(os.path.join(folder, name), "rb") as file:
        equal(file.read(), lgcfile.sample().bytes())
    equal(ask("dump", report(), cwd=folder)[0][1], f"app.{os.getpid()}.2.lgc\n")
    equal(ask("dump", report(), "x", "--format", "lgc", cwd=folder)[0], (0, "", ""))
    check(os.path.exists(os.path.join(folder, "x")))
    (status, out, _), _ = ask("dump", report(), "--format", "folded", "--no-symbols")
    equal(status, 0)
    check("still reachable" in out and "definitely lost" in out and "possibly lost" in out, out)
    (_, out, _), _ = ask("dump", report(), "--format", "folded", "--no-symbols", "--kinds", "possible")
    check("reachable" not in out and "possibly lost" in out, out)
    equal(ask("dump", report(), "x.folded", "--no-symbols", cwd=folder)[0][:2], (0, ""))
    check(os.path.getsize(os.path.join(folder, "x.folded")) > 0)


def test_leaks():
    for words, request in (((), "leaks\n"), (("new",), "leaks new\n"), (("increased",), "leaks increased\n"), (("changed",), "leaks changed\n")):
        (status, out, _), requests = ask("leaks", report(), *words, "--kinds", "definite", "--no-symbols")
        equal((status, requests), (1, [request]))
        check("Direct leak of 1000 byte(s)" in out and "Still" not in out, out)
    nothing = lambda client: with_file(client, "ok scan=3\n", memory_file(lgcfile.Report(live=1).bytes()))
    equal(ask("leaks", nothing)[0], (0, "no leaks\n", ""))
    equal(ask("leaks", nothing, "new")[0], (0, "no new leaks\n", ""))
    equal(command("leaks", "1", "old")[0], 2)


def test_leaks_in_doubt():
    """What a search did not look at may be lost: nothing found then is not said to be nothing."""
    def doubtful(*sites):
        made = lgcfile.Report(live=1)
        made.doubts = ["1 thread(s) could not be stopped"]
        for site in sites:
            made.site(*site)
        return lambda client: with_file(client, "ok scan=3\n", memory_file(made.bytes()))

    for words in ((), ("new",)):
        (status, out, _), _ = ask("leaks", doubtful(), *words)
        equal(status, 3, words)
        check("==4711==leakgc: incomplete: 1 thread(s) could not be stopped\n==4711==leakgc: no leaks\n" in out, out)
    (status, out, _), _ = ask("leaks", doubtful(), "--format", "json")
    equal(status, 3)
    check("could not be stopped" in out, out)
    (status, out, _), _ = ask("leaks", doubtful(("definite", 0, 10, 1)))
    equal(status, 1)
    check("incomplete: 1 thread(s)" in out and "Direct leak of 10 byte(s)" in out, out)


def test_failures_are_no_leaks():
    """Status 1 of scan, leaks and diff says something of the program; of the others, that writing or memory failed."""
    scan = "ok scan=1 result=ok leaked_blocks=0 leaked_bytes=0 new_blocks=0 lost_blocks=0\n"
    for name, answer, expected in (("scan", lambda client: client.sendall(scan.encode()), 3), ("leaks", report(), 3), ("dump", report(), 1)):
        with playing(lambda client, request, number: answer(client)) as pid, open("/dev/full", "w") as full:
            words = [harness.leakgc, name, str(pid)] + (["--format", "text", "--no-symbols"] if name == "dump" else [])
            done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        equal(done.returncode, expected, name)
        check("No space left on device" in done.stderr, done.stderr)
    endless = os.path.join(directory("endless"), "x.lgc")
    with open(endless, "wb") as file:
        file.write(lgcfile.MAGIC)
        file.truncate(1 << 40)
    for words, expected in ((("diff", endless, endless), 3), (("report", endless), 1), (("merge", endless), 1)):
        done = subprocess.run([harness.leakgc, *words], capture_output=True, text=True,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (512 << 20,) * 2))
        equal((done.returncode, done.stderr), (expected, "leakgc: out of memory\n"), words)


def test_no_report():
    """What comes instead of one: nothing is written, nothing is waited for."""
    none = "what came is no report\n"
    folder = directory("no report")
    pipe = os.pipe()
    sample = lgcfile.sample().bytes()
    for files, message in (((), "no report came; another version?\n"), ((lambda: os.dup(pipe[0]),), none),
                           ((lambda: os.open("/dev/zero", os.O_RDONLY),), none), ((lambda: os.open("/", os.O_RDONLY),), none),
                           ((lambda: memory_file(b""),), none), ((lambda: memory_file(b"x" * 5000),), none),
                           ((lambda: memory_file(sample[:-30]),), none), ((lambda: huge_file(),), none)):
        for name in ("dump",):
            done, _ = ask(name, lambda client: with_file(client, "ok scan=3\n", *(make() for make in files)), cwd=folder)
            equal(done, (3, "", f"leakgc {name}: {message}"), message)
    equal(os.listdir(folder), [])
    done, _ = ask("leaks", lambda client: with_file(client, "ok scan=3\n", memory_file(sample[:-30])), "--no-symbols")
    equal(done[0], 3)
    check("cut" in done[2], done[2])
    done, _ = ask("leaks", lambda client: with_file(client, "error busy\n", memory_file(sample)))
    equal(done, (3, "", "leakgc leaks: busy\n"))
    os.close(pipe[0])
    os.close(pipe[1])


def huge_file():
    fd = os.memfd_create("huge")
    os.truncate(fd, 1 << 40)
    return fd


def test_several_files():
    """The first is taken."""
    sample = lgcfile.sample().bytes()
    two = lambda client: with_file(client, "ok scan=3\n", memory_file(sample), memory_file(b"x"))
    equal(ask("dump", two, "/dev/null", "--format", "lgc")[0], (0, "", ""))
