#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Owns: running cases in parallel with a time-out, and telling what failed.

    tests/lib/runner.py [options] [DIR...]        (default: tests/e2e)

A case is any object with a `name` and a `run()` that returns nothing on success and
raises Failure or Skip otherwise. The cases of a directory come from programs.py; other
runners (real programs, stress) bring their own and call main(cases) or run_cases().
"""

import argparse
import concurrent.futures
import fnmatch
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True  # the tree stays clean

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROJECT = os.path.dirname(TESTS)


class Failure(Exception):
    """The case failed; `detail` is printed below its line."""

    def __init__(self, why, detail=""):
        super().__init__(why)
        self.detail = detail


class Skip(Exception):
    """The case can't run here; the text says why."""


class Result:
    """What a program did. `status` is its exit status, or -N if signal N ended it."""

    def __init__(self, status, stdout, stderr, pid, seconds):
        self.status = status
        self.stdout = stdout
        self.stderr = stderr
        self.pid = pid
        self.seconds = seconds


def library_path(build):
    return os.path.join(os.path.abspath(build), "libleakgc.so")


def clean_environment(**more):
    """A small environment that holds nothing of the caller's leakgc settings."""
    env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8",
           "HOME": os.environ.get("HOME", "/")}
    env.update(more)
    return env


def execute(command, env=None, cwd=None, timeout=20, stdin=""):
    """Runs `command` in its own process group and returns a Result.

    The output goes to files, not to pipes: a grandchild that keeps them open can't hold
    us up. On time-out the whole group is killed and Failure is raised.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
            tempfile.TemporaryFile() as given:
        given.write(stdin.encode())
        given.seek(0)
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=given, stdout=out, stderr=err, cwd=cwd, env=env,
                                   start_new_session=True)
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise Failure("still running after %d s" % timeout, _text_of(err)) from None
        return Result(status, _text_of(out), _text_of(err), process.pid, time.monotonic() - begin)


def _text_of(file):
    file.seek(0)
    return file.read().decode(errors="replace")


def run_cases(cases, jobs=2, verbose=False):
    """Runs them, prints what failed and the closing line; returns the exit status."""
    passed = failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [(case, pool.submit(_timed, case)) for case in cases]
        for case, future in running:
            try:
                seconds = future.result()
            except Skip as why:
                skipped += 1
                if verbose:
                    print("skip %s: %s" % (case.name, why))
            except Failure as why:
                failed += 1
                print("FAIL %s: %s" % (case.name, why))
                if why.detail:
                    print("    " + why.detail.rstrip().replace("\n", "\n    "))
            except Exception:  # a fault of the test itself must not hide the other cases
                failed += 1
                print("FAIL %s: the test itself broke\n%s" % (case.name, traceback.format_exc()))
            else:
                passed += 1
                if verbose:
                    print("ok %s" % case.name + (" (%.1f s)" % seconds if seconds > 2 else ""))
            sys.stdout.flush()
    if skipped:
        print("%d skipped" % skipped)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


def _timed(case):
    begin = time.monotonic()
    case.run()
    return time.monotonic() - begin


def arguments(description):
    """The options that every runner of ours has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", metavar="DIR", default=os.path.join(PROJECT, "build"),
                        help="where libleakgc.so is and test programs go (default: build)")
    parser.add_argument("--filter", metavar="GLOB", default="*",
                        help="only cases whose name matches, e.g. 'roots/*' or '*realloc*'")
    parser.add_argument("--jobs", metavar="N", type=int, default=2, help="in parallel (default: 2)")
    parser.add_argument("--list", action="store_true", help="print the names of the cases only")
    parser.add_argument("-v", "--verbose", action="store_true", help="also print what passed")
    return parser


def main(cases, args):
    """Runs those of `cases` that --filter leaves; returns the exit status."""
    chosen = [c for c in cases
              if fnmatch.fnmatch(c.name, args.filter) or fnmatch.fnmatch(c.name.split(" ")[0], args.filter)]
    if args.list:
        print("\n".join(c.name for c in chosen))
        return 0
    return run_cases(chosen, args.jobs, args.verbose)


def run_folder():
    """The command line of runner.py; returns the exit status."""
    import programs  # it imports this module, so not at the top

    parser = arguments("Run the cases of tests/e2e: one small program per behaviour.")
    parser.add_argument("--oracle", choices=("valgrind", "lsan"),
                        help="compare the expectations with another leak checker instead of leakgc")
    parser.add_argument("dirs", metavar="DIR", nargs="*", default=[os.path.join(TESTS, "e2e")],
                        help="folder with cases (default: tests/e2e)")
    args = parser.parse_args()
    if not args.oracle and not args.list and not os.path.exists(library_path(args.build)):
        sys.exit("%s: no such file; run make first" % library_path(args.build))
    cases = []
    for directory in args.dirs:
        cases += programs.discover(os.path.abspath(directory), args.build, args.oracle)
    return main(cases, args)


if __name__ == "__main__":
    # Known under its own name, so that programs.py gets this module and not a second copy.
    sys.modules["runner"] = sys.modules["__main__"]
    sys.exit(run_folder())
