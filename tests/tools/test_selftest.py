# SPDX-License-Identifier: MIT
"""`leakgc selftest` and `leakgc options`, with the library that was built beside the command."""
import os
import re
import shutil
import subprocess

import harness
from harness import Source, check, command, equal
from test_run import Tree


def library():
    path = os.path.join(os.path.dirname(os.path.abspath(harness.leakgc)), "libleakgc.so")
    if not os.path.exists(path):
        raise harness.Skip("the library was not built")
    return path


def works(result):
    status, out, err = result
    equal((status, err), (0, ""), out)
    lines = out.splitlines()
    equal(len(lines), 5, out)
    check(re.fullmatch(r"when a program ends:  works: its 6 leaks were found, their functions have names", lines[2]), out)
    check(re.fullmatch(r"while a program runs: works: method (concurrent|fork|stop) \(.+\); the program stood still for"
                       r" \d+ microseconds", lines[3]), out)
    equal(lines[4], "leakgc works on this machine.")


def test_selftest():
    library()
    works(command("selftest"))


def test_selftest_takes_no_options_from_the_user():
    library()
    works(command("selftest", env={"LEAKGC_ENABLED": "0", "LEAKGC_OPTIONS": "report=/none/x:min_bytes=1G",
                                   "LEAKGC_EXITCODE": "7", "LEAKGC_ONLY": "other"}))


def test_selftest_with_closed_descriptors():
    library()
    for closed in ("<&-", "2>&-", "<&- 2>&-"):
        done = subprocess.run(["sh", "-c", f'exec "$0" selftest {closed}', harness.leakgc], capture_output=True, text=True, timeout=60)
        works((done.returncode, done.stdout, done.stderr))


def fails(tree, *said):
    done = subprocess.run([tree.command, "selftest"], capture_output=True, text=True, timeout=60)
    equal((done.returncode, done.stderr), (1, ""), done.stdout)
    check("leakgc does NOT work on this machine" in done.stdout, done.stdout)
    for text in said:
        check(text in done.stdout, text, done.stdout)


def test_selftest_with_a_library_that_does_nothing():
    with Tree() as tree:
        Source(tree.top, "nothing.c", "int nothing;\n").build(tree.library, "-shared", "-fPIC")
        fails(tree, "when a program ends:  FAILS", "while a program runs: FAILS: there was no search")


def test_selftest_with_a_library_that_only_says_so():
    """The words alone do not do: the exit status counts as well."""
    says = ('#include <stdio.h>\n__attribute__((constructor)) static void say(void)\n{\n    fputs("definitely lost: 3,000'
            ' bytes in 3 blocks\\nindirectly lost: 3,000 bytes in 3 blocks\\nselftest passed\\n", stderr);\n}\n')
    with Tree() as tree:
        Source(tree.top, "says.c", says).build(tree.library, "-shared", "-fPIC")
        fails(tree, "when a program ends:  FAILS", "selftest passed")


def test_selftest_without_library():
    with Tree() as tree:
        os.remove(tree.library)
        done = subprocess.run([tree.command, "selftest"], capture_output=True, text=True, timeout=60)
        equal((done.returncode, done.stdout, done.stderr),
              (1, "", f"leakgc selftest: libleakgc.so was not found near '{tree.command}'\n"))


def test_selftest_of_a_moved_installation():
    with Tree("lib") as tree:
        shutil.copy(library(), tree.library)
        done = subprocess.run([tree.command, "selftest"], capture_output=True, text=True, timeout=60)
        works((done.returncode, done.stdout, done.stderr))


def test_options_are_those_of_the_library():
    done = subprocess.run([shutil.which("true")], capture_output=True, text=True,
                          env={"LD_PRELOAD": library().replace(" ", "?"), "LEAKGC_HELP": "1"})
    check(done.stderr.count("\n") > 20, done.stderr)
    equal(command("options"), (0, done.stderr, ""))
