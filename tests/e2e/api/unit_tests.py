# SPDX-License-Identifier: MIT
"""The example with Check: under the library the leaking test fails, and only that one, whether tests run in
children or in one process; the report names the line. Without the library all pass."""

import os
import re
import shlex
import subprocess

import runner


def flags():
    try:
        asked = subprocess.run(["pkg-config", "--cflags", "--libs", "check"], capture_output=True,
                               text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise runner.Skip("Check is not installed")
    return shlex.join(["-O1", "-g", "-I", os.path.join(runner.PROJECT, "preload")]) + " " + asked.stdout


def test(bench):
    with open(os.path.join(runner.PROJECT, "tests", "example_check.c"), encoding="utf-8") as file:
        text = file.read()
    # The compiler takes the libraries after the source only.
    cflags = " ".join(w for w in flags().split() if not w.startswith("-l"))
    libraries = " ".join(w for w in flags().split() if w.startswith("-l"))
    path = os.path.join(bench.cwd, "example_check.c")
    exe = os.path.join(bench.cwd, "example_check")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run(shlex.split("cc %s -o %s %s %s -pthread" % (cflags, exe, path, libraries)), check=True)
    leak = 1 + text.splitlines().index('    ck_assert_str_eq(join("colour", ""), "colour=");')
    for mode in ("yes", "no"):
        env = {"CK_FORK": mode}
        plain = bench.run([exe], env=env, preload=False)
        if plain.status != 0 or "100%" not in plain.stdout:
            raise runner.Failure("without the library it fails", plain.stdout + plain.stderr)
        found = bench.run([exe], env=env)
        output = found.stdout + found.stderr
        if found.status != 1 or "66%: Checks: 3, Failures: 1, Errors: 0" not in found.stdout:
            raise runner.Failure("CK_FORK=%s: not one failed test" % mode, output)
        if not re.search(r"[FS]:tests:joins_and_forgets:.*the test leaked memory", found.stdout):
            raise runner.Failure("another test failed", output)
        if not re.search(r"allocated since a mark", found.stderr) \
                or not re.search(r"in joins_and_forgets(_fn)? .*example_check\.c:%d" % leak, found.stderr):
            raise runner.Failure("the report does not name line %d" % leak, output)
