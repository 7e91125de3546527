# SPDX-License-Identifier: MIT
"""What a case is, and the stage on which one pass of it is played.

A case is a scenario: a function that gets a Stage, starts real programs on it and leaves a transcript.
The same function is played twice, once plain and once with the library preloaded, in the *same* (emptied)
directory, so that paths which end up in outputs are equal; then the two transcripts must be equal.

  transcript = for each step the command, its exit status and its stdout, and what the scenario noted.
  stderr     = kept, never compared (programs print times there); searched for lines of the library.

Whatever a step starts is a session of its own, so that a time-out or a failure kills it with all its
children; nothing is killed by name.
"""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))
from runner import Failure

STEP_SECONDS = 120  # no single step may take longer, plain or preloaded
PASS_SECONDS = 240  # nor a whole pass of a case
STOP_SECONDS = 60  # nor a server to start or to end
SEARCH_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"  # the distribution's programs, whatever else is installed


class Leak(NamedTuple):
    """A site that a program is known to leak at, with the reason why it is a true leak."""

    program: str  # glob: basename of the executable
    stack: Tuple[str, ...]  # globs on "FUNCTION FILE-OR-MODULE" of frames, in this order, innermost first
    reason: str
    kinds: Tuple[str, ...] = ("definite", "indirect")
    must: bool = False  # the report has to show it (otherwise: it may)
    most_bytes: Optional[int] = None  # in one process; a bound for patterns that name only a module


class Case(NamedTuple):
    name: str
    scenario: Callable[["Stage"], None]
    needs: Dict[str, str]  # program -> Debian package
    checked: Tuple[str, ...]  # globs: these programs must have been checked at their exit
    leaks: Tuple[Leak, ...]
    expects_log: Optional[str]  # a regular expression: exactly one line of the library matches it
    unwatched: Tuple[str, ...]  # globs: these programs must have no report that finds them leak-free


CASES: List[Case] = []


def case(name, needs, checked=(), leaks=(), expects_log=None, unwatched=()):
    """Decorator: registers the function as the scenario of a case."""

    def register(scenario):
        CASES.append(
            Case(name, scenario, needs, tuple(checked), tuple(leaks), expects_log, tuple(unwatched))
        )
        return scenario

    return register


def missing_programs(needs):
    """[(program, package)] of the programs that are not installed."""
    return [(p, package) for p, package in needs.items() if not shutil.which(p, path=SEARCH_PATH)]


def session_threads(session):
    """What still runs in a session: a line for each thread, with what it waits for (told on a time-out)."""
    lines = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError):
            stat = (entry / "stat").read_text()
            name = stat[stat.index("(") : stat.rindex(")") + 1]
            state, _parent, _group, its_session = stat[stat.rindex(")") + 2 :].split()[:4]
            if int(its_session) != session or state == "Z":
                continue
            for task in sorted((entry / "task").iterdir()):
                waits = (task / "wchan").read_text()
                lines.append(f"{entry.name} {name} thread {task.name}: state {state}, in {waits}")
    return lines


class Step(NamedTuple):
    status: int
    out: bytes
    err: bytes

    def text(self):
        return self.out.decode("utf-8", "backslashreplace")


class Server:
    """A program that runs in the background of a scenario."""

    def __init__(self, stage, process, out, err):
        self._stage, self._process, self._out, self._err = stage, process, out, err

    def is_running(self):
        return self._process.poll() is None

    def signal(self, number):
        self._process.send_signal(number)

    def wait_for(self, ready, what, seconds=STOP_SECONDS):
        """Until ready() is true; a Failure if the server ends or the time is over."""
        give_up = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                if ready():
                    return
            if not self.is_running():
                raise Failure(f"a server ended before: {what}", self.join(status=None).err.decode())
            if time.monotonic() > give_up:
                raise self._stage.hang(self._process, f"waiting for {what}", seconds)
            time.sleep(0.02)

    def join(self, status: Optional[int] = 0, seconds=STOP_SECONDS, show=False):
        """Waits for its end; its status (and with show its stdout) goes into the transcript."""
        try:
            got = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise self._stage.hang(self._process, "waiting for its end", seconds) from None
        step = Step(got, contents(self._out), contents(self._err))
        self._stage.record(self._process.args, step, status, show)
        return step


def contents(file):
    file.seek(0)
    return file.read()


class Stage:
    """One pass of one case: its directory, its environment, its transcript."""

    _open = set()  # the stages in use, for close_all()
    _closing = False

    def __init__(self, directory, environment):
        self.dir = Path(directory)
        self.transcript: List[str] = []
        self.stderr: List[str] = []
        self._environment = environment  # what makes the pass preloaded; {} in the plain one
        self._deadline = time.monotonic() + PASS_SECONDS
        self._sessions: List[subprocess.Popen] = []
        self._files = contextlib.ExitStack()
        self._ports: List[int] = []
        Stage._open.add(self)

    # -- files

    def path(self, name):
        return str(self.dir / name)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, name):
        return (self.dir / name).read_bytes()

    # -- programs

    def do(self, argv, stdin=b"", env=None, status: Optional[int] = 0, show=True, preload=True):
        """Runs a program to its end. status None: any, as long as both passes agree.
        show=False: its stdout is not part of the transcript. preload=False: a tool of the
        scenario, not its subject (the compiler of a test program)."""
        process, out, err = self._spawn(argv, env, preload, subprocess.PIPE)
        seconds = max(1.0, min(STEP_SECONDS, self._deadline - time.monotonic()))
        try:
            process.communicate(stdin.encode() if isinstance(stdin, str) else stdin, seconds)
        except subprocess.TimeoutExpired:
            raise self.hang(process, "waiting for its end", seconds) from None
        step = Step(process.returncode, contents(out), contents(err))
        self.record(argv, step, status, show)
        return step

    def start(self, argv, env=None):
        """Starts a program in the background."""
        return Server(self, *self._spawn(argv, env, True, subprocess.DEVNULL))

    def compile(self, source, output, *flags):
        """Builds a test program, without the library."""
        self.do(["gcc", "-g", "-O1", *flags, source, "-o", output], preload=False, show=False)

    def free_port(self):
        """A free loopback port. It differs from run to run: command lines in the transcript say PORT."""
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self._ports.append(s.getsockname()[1])
        return self._ports[-1]

    # -- the transcript

    def note(self, text):
        """Adds a line of the scenario's own to the transcript."""
        self.transcript.append(text)

    def note_bytes(self, label, data):
        """Adds data too long to show: its length and digest."""
        self.note(f"{label}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")

    @contextlib.contextmanager
    def quiet(self):
        """Steps inside leave no trace in the transcript: polls, say, whose number differs from run to run."""
        length, errors = len(self.transcript), len(self.stderr)
        try:
            yield
        finally:
            del self.transcript[length:]
            self.stderr[errors:] = [e for e in self.stderr[errors:] if "leakgc: " in e]

    # -- for Server and for the runner

    def record(self, argv, step, status, show):
        command = self._command(argv)
        self.transcript.append(f"$ {command}")
        if show:
            self.transcript.append(step.text())
        self.transcript.append(f"status {step.status}")
        if step.err:
            self.stderr.append(f"$ {command}\n{step.err.decode('utf-8', 'backslashreplace')}")
        if status is not None and step.status != status:
            raise Failure(f"status {step.status} instead of {status}: {command}")

    def hang(self, process, what, seconds):
        alive = "\n".join(session_threads(process.pid)[:20])
        return Failure(f"gave up after {seconds:.0f} s {what}: {self._command(process.args)}", alive)

    def close(self):
        """Ends what still runs, and waits for it."""
        for process in self._sessions:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._files.close()
        Stage._open.discard(self)

    @classmethod
    def close_all(cls):
        """For an interrupted run: ends all that was started; later steps fail."""
        cls._closing = True
        for stage in list(cls._open):
            for process in stage._sessions:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)

    def _command(self, argv):
        command = " ".join(str(a) for a in argv)
        for port in self._ports:
            command = re.sub(rf"\b{port}\b", "PORT", command)
        return command if len(command) < 200 else command[:200] + "..."

    def _spawn(self, argv, env, preload, stdin):
        if Stage._closing:
            raise Failure("interrupted")
        environment = {
            "PATH": SEARCH_PATH,
            "HOME": str(self.dir),
            "TMPDIR": str(self.dir),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            **(env or {}),
            **(self._environment if preload else {}),
        }
        argv = [str(a) for a in argv]
        program = argv[0] if "/" in argv[0] else shutil.which(argv[0], path=SEARCH_PATH)
        number = len(self._sessions)  # files, not pipes: a grandchild that keeps them open can't hold us up
        out = self._files.enter_context((self.dir.parent / f"out.{number}").open("w+b"))
        err = self._files.enter_context((self.dir.parent / f"err.{number}").open("w+b"))
        process = subprocess.Popen(
            argv,
            executable=program,
            cwd=self.dir,
            env=environment,
            stdin=stdin,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        self._sessions.append(process)
        return process, out, err
