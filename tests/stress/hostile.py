# SPDX-License-Identifier: MIT
"""Owns: runs in a hostile environment (forbidden.c, wordy.c): system calls that are forbidden, output
that goes nowhere, descriptors and limits that are used up, a helper that is missing, dies or sleeps.

Whatever happens there, the program's output and status are its own, it ends in time, and the report
is right or there is none: never a block called lost that is not.
"""

import fcntl
import os
import resource
import signal
import stat
import subprocess
import tempfile
import time

import reports
import runner

EPERM, ENOSYS = 1, 38

# x86-64 numbers of what the library or its helper asks of the kernel.
CALLS = {"read": 0, "poll": 7, "lseek": 8, "mprotect": 10, "rt_sigaction": 13, "rt_sigprocmask": 14,
         "ioctl": 16, "pread64": 17, "access": 21, "sched_yield": 24, "mincore": 27, "madvise": 28,
         "clone": 56, "execve": 59, "wait4": 61, "kill": 62, "fcntl": 72, 
         "futex": 202, "getdents64": 217, "openat": 257, "readlinkat": 267, "dup3": 292, "pipe2": 293,
         "rt_tgsigqueueinfo": 297, "process_vm_readv": 310, "memfd_create": 319}


def cases_of(program, build, long):
    if program.name == "forbidden":
        errors = (EPERM, ENOSYS) if long else (EPERM,)
        return [Forbidden(program, build, name, number, error)
                for name, number in CALLS.items() for error in errors]
    return [Hostile(program, build, name, function, long) for name, function in sorted(SCENES.items())]


class Forbidden:
    def __init__(self, program, build, call, number, error):
        self.program = program
        self.build = build
        self.words = [str(number), str(error), "plant"]
        self.name = "forbidden %s%s" % (call, " ENOSYS" if error == ENOSYS else "")

    def run(self):
        command = [self.program.exe, "100"] + self.words
        plain = runner.execute(command, env=runner.clean_environment())
        if plain.status == 77:
            raise runner.Skip(plain.stdout.strip())
        result = runner.execute(command, env=runner.clean_environment(
            LD_PRELOAD=runner.library_path(self.build)), timeout=20)
        if (result.status, result.stdout) != (plain.status, plain.stdout):
            raise runner.Failure("status %d, without the library %d" % (result.status, plain.status),
                                 result.stderr[-3000:])
        check_report(result.stderr, (12345, 1))


def check_report(text, wanted):
    """A report says what is lost, or a line says why there is none."""
    totals = reports.parse_totals(text)
    if not totals:
        if "no leak check" not in text and "no memory for a check" not in text:
            raise runner.Failure("no report, and no line that says why", text[-3000:])
        return
    lost = tuple(totals["definite"][i] + totals["indirect"][i] for i in (0, 1))
    if lost != wanted:
        raise runner.Failure("%d bytes in %d blocks are lost, not %d in %d" % (lost + wanted), text[-3000:])


class Hostile:
    def __init__(self, program, build, name, function, long):
        self.program = program
        self.build = build
        self.name = "hostile " + name
        self.function = function
        self.long = long

    def run(self):
        with tempfile.TemporaryDirectory(prefix="leakgc-stress-") as cwd:
            self.function(self, cwd)

    def start(self, cwd, depth=1, options="", stderr=subprocess.DEVNULL, prepare=None):
        env = runner.clean_environment(LD_PRELOAD=runner.library_path(self.build), LEAKGC_OPTIONS=options)
        return subprocess.Popen([self.program.exe, "100", str(depth)], env=env, cwd=cwd, preexec_fn=prepare,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr)

    def expect(self, process, seconds, text=None):
        """The program printed its line, ended with status 0, and in time."""
        begin = time.monotonic()
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise runner.Failure("still running after %d s" % seconds) from None
        err = (err or b"").decode(errors="replace")
        if (process.returncode, out) != (0, b"done\n"):
            raise runner.Failure("status %d, stdout %r" % (process.returncode, out), err[-3000:])
        if text is not None and text not in err:
            raise runner.Failure("'%s' is not in the report" % text, err[-3000:])
        return time.monotonic() - begin, err


def full_pipe():
    """A non-blocking pipe that nobody reads and that has no room."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        return reader, writer


def scene_full_pipe(case, cwd):
    reader, writer = full_pipe()
    process = case.start(cwd, 3, stderr=writer)
    os.close(writer)
    case.expect(process, 15)
    os.close(reader)


def scene_broken_pipe(case, cwd):
    reader, writer = os.pipe()
    process = case.start(cwd, 2, stderr=writer, prepare=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    os.close(reader)
    os.close(writer)
    case.expect(process, 15)


def scene_slow_reader(case, cwd):
    process = case.start(cwd, 3, stderr=subprocess.PIPE)
    time.sleep(1)
    case.expect(process, 20, "definitely lost: 10,000 bytes in 1,000 blocks")


def scene_device_full(case, cwd):
    with open("/dev/full", "w") as full:
        case.expect(case.start(cwd, 2, stderr=full), 15)


def scene_stderr_closed(case, cwd):
    case.expect(case.start(cwd, 1, prepare=lambda: os.close(2)), 15)


def scene_all_closed_but_stdout(case, cwd):
    def prepare():
        os.close(0)
        os.close(2)
    case.expect(case.start(cwd, 1, prepare=prepare), 15)


def scene_unwritable_report(case, cwd):
    case.expect(case.start(cwd, 1, "report=%s/no/such/folder" % cwd, subprocess.PIPE), 15, "definitely lost: 100 bytes")


def limit(which, value):
    return lambda: resource.setrlimit(which, (value, value))


def scene_no_file_may_grow(case, cwd):
    case.expect(case.start(cwd, 1, stderr=subprocess.PIPE, prepare=limit(resource.RLIMIT_FSIZE, 0)), 15,
                "definitely lost: 100 bytes")


def scene_report_hits_file_limit(case, cwd):
    case.expect(case.start(cwd, 2, "symbolize=0:report=%s/report" % cwd, prepare=limit(resource.RLIMIT_FSIZE, 1000)), 15)


def scene_few_descriptors(case, cwd):
    case.expect(case.start(cwd, 1, stderr=subprocess.PIPE, prepare=limit(resource.RLIMIT_NOFILE, 4)), 15,
                "definitely lost: 100 bytes")


def scene_small_address_space(case, cwd):
    case.expect(case.start(cwd, 2, stderr=subprocess.PIPE, prepare=limit(resource.RLIMIT_AS, 100 << 20)), 15,
                "definitely lost: 1,000 bytes")


def scene_tiny_address_space(case, cwd):
    case.expect(case.start(cwd, 1, stderr=subprocess.PIPE, prepare=limit(resource.RLIMIT_AS, 30 << 20)), 15)


def scene_small_data_limit(case, cwd):
    case.expect(case.start(cwd, 1, stderr=subprocess.PIPE, prepare=limit(resource.RLIMIT_DATA, 16 << 20)), 15,
                "definitely lost: 100 bytes")


def scene_small_stack_limit(case, cwd):
    _, err = case.expect(case.start(cwd, 1, stderr=subprocess.PIPE, prepare=limit(resource.RLIMIT_STACK, 64 << 10)), 15,
                         "definitely lost: 100 bytes")
    if "crashed" in err:
        raise runner.Failure("the helper crashed", err[-3000:])


def scene_no_signals_to_queue(case, cwd):
    case.expect(case.start(cwd, 1, stderr=subprocess.PIPE, prepare=limit(resource.RLIMIT_SIGPENDING, 0)), 15,
                "definitely lost: 100 bytes")


def helper_script(cwd, body):
    path = os.path.join(cwd, "helper")
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + body + "\n")
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
    return path


def helper_scene(body):
    def scene(case, cwd):
        options = "helper=" + helper_script(cwd, body)
        case.expect(case.start(cwd, 1, options, subprocess.PIPE), 15, "definitely lost: 100 bytes in 10 blocks")
    return scene


def scene_helper_missing(case, cwd):
    case.expect(case.start(cwd, 1, "helper=/no/such/helper", subprocess.PIPE), 15, "definitely lost: 100 bytes in 10 blocks")


def scene_helper_sleeps(case, cwd):
    # Patience with it is bounded, but may be longer than a default run should take.
    if case.long:
        case.expect(case.start(cwd, 1, "helper=" + helper_script(cwd, "exec sleep 300"), subprocess.PIPE), 90,
                    "definitely lost: 100 bytes in 10 blocks")


def scene_many_sites(case, cwd):
    seconds, err = case.expect(case.start(cwd, 5 if case.long else 4, stderr=subprocess.PIPE), 60)
    sites = err.count("Direct leak of 10 byte(s) in 1 object(s)")
    if sites != (100000 if case.long else 10000):
        raise runner.Failure("%d sites" % sites, err[-1000:])
    if seconds > (40 if case.long else 15):
        raise runner.Failure("it took %.0f s" % seconds)


def scene_no_proc(case, cwd):
    env = runner.clean_environment(LD_PRELOAD=runner.library_path(case.build))
    settings = "LD_PRELOAD=" + env.pop("LD_PRELOAD")
    script = "mount --make-rprivate / && umount -l /proc && exec env %s %s 100 1" % (settings, case.program.exe)
    if subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode:
        raise runner.Skip("unshare is not permitted here")
    process = subprocess.Popen(["unshare", "-m", "sh", "-c", script], env=env, cwd=cwd,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, err = case.expect(process, 15)
    check_report(err, (100, 10))


SCENES = {name[len("scene_"):].replace("_", " "): function
          for name, function in list(globals().items()) if name.startswith("scene_")}
SCENES.update({
    "helper dies": helper_scene("kill -9 $$"),
    "helper fails": helper_scene("exit 1"),
    "helper talks nonsense": helper_scene("cat /proc/self/maps; head -c 5000 /dev/urandom; printf 'f\\t\\t\\n.\\n.\\n'; exit 0"),
    "helper talks without end": helper_scene("yes 'f\tx\ty\t1\t1' | head -c 30000000"),
})
