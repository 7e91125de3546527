# SPDX-License-Identifier: MIT
"""Help, version, usage errors, and that manual page and completion know every command and option."""
import os
import re
import subprocess

import harness
from harness import check, command, equal, need

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COMMANDS = ["run", "scan", "stat", "top", "leaks", "dump", "report", "diff", "merge", "selftest", "options", "symbolize", "version", "help"]


def test_version():
    for words in (["version"], ["--version"], *([c, "--version"] for c in COMMANDS)):
        status, out, err = command(*words)
        equal((status, err), (0, ""), words)
        check(re.fullmatch(r"leakgc \d+\.\d+\.\d+\n", out), words, out)


def test_help():
    status, overview, err = command("help")
    equal((status, err), (0, ""))
    equal(re.findall(r"^  (\w+)  ", overview, re.M), COMMANDS)
    for words in (["--help"], ["-h"]):
        equal(command(*words), (0, overview, ""), words)


def test_help_of_each_command():
    for name in COMMANDS:
        status, text, err = command("help", name)
        equal((status, err), (0, ""))
        check(text.startswith(f"usage: leakgc {name}"), text)
        check("--help" in text and "--version" in text, text)
        equal(command(name, "--help"), (0, text, ""))


def test_usage_errors():
    for words, message in {
        (): "leakgc: no command given (see 'leakgc --help')",
        ("nonsense",): "leakgc: there is no command 'nonsense' (see 'leakgc --help')",
        ("--nonsense",): "leakgc: there is no command '--nonsense' (see 'leakgc --help')",
        ("help", "nonsense"): "leakgc: there is no command 'nonsense' (see 'leakgc --help')",
        ("help", "run", "help"): "leakgc help: more than one command given (see 'leakgc help --help')",
        ("version", "x"): "leakgc version: takes no operands (see 'leakgc version --help')",
        ("version", "-x"): "leakgc version: bad option '-x' (see 'leakgc version --help')",
        ("selftest", "x"): "leakgc selftest: takes no operands (see 'leakgc selftest --help')",
        ("options", "x"): "leakgc options: takes no operands (see 'leakgc options --help')",
        ("scan",): "leakgc scan: one process id is needed (see 'leakgc scan --help')",
        ("scan", "1", "2"): "leakgc scan: one process id is needed (see 'leakgc scan --help')",
        ("scan", "0"): "leakgc scan: process id '0' is not in 1..4194304 (see 'leakgc scan --help')",
        ("scan", "1x"): "leakgc scan: process id '1x' is not in 1..4194304 (see 'leakgc scan --help')",
        ("scan", "--", "-1"): "leakgc scan: process id '-1' is not in 1..4194304 (see 'leakgc scan --help')",
        ("scan", "--timeout=0", "1"): "leakgc scan: timeout '0' is not in 1..86400 (see 'leakgc scan --help')",
        ("scan", "--raw=1", "1"): "leakgc scan: bad option '--raw=1' (see 'leakgc scan --help')",
        ("symbolize", "x"): "leakgc symbolize: takes no operands (see 'leakgc symbolize --help')",
        ("symbolize", "--timeout"): "leakgc symbolize: option '--timeout' needs a value"
                                    " (see 'leakgc symbolize --help')",
        ("symbolize", "--timeout", "0"): "leakgc symbolize: timeout '0' is not in 1..86400"
                                         " (see 'leakgc symbolize --help')",
        ("symbolize", "--timeout=-5"): "leakgc symbolize: timeout '-5' is not in 1..86400"
                                       " (see 'leakgc symbolize --help')",
        ("symbolize", "--timeout=5s"): "leakgc symbolize: timeout '5s' is not in 1..86400"
                                       " (see 'leakgc symbolize --help')",
        ("symbolize", "--timeout=86401"): "leakgc symbolize: timeout '86401' is not in 1..86400"
                                          " (see 'leakgc symbolize --help')",
        ("symbolize", "--debug-path", "/none"): "leakgc symbolize: '/none' is not a directory that can be searched"
                                                " (see 'leakgc symbolize --help')",
        ("symbolize", "--debug-path", "/dev/null"): "leakgc symbolize: '/dev/null' is not a directory that can be"
                                                    " searched (see 'leakgc symbolize --help')",
    }.items():
        equal(command(*words), (2, "", message + "\n"), words)


def test_help_that_cannot_be_written():
    done = subprocess.run(["sh", "-c", '"$1" help > /dev/full', "sh", harness.leakgc], capture_output=True, text=True)
    equal((done.returncode, done.stderr), (1, "leakgc: writing to stdout: No space left on device\n"))
    done = subprocess.run(["sh", "-c", '"$1" run --help > /dev/full', "sh", harness.leakgc], capture_output=True,
                          text=True)
    equal((done.returncode, done.stderr), (1, "leakgc: writing to stdout: No space left on device\n"))


def long_options(name):
    return set(re.findall(r"--[a-z-]+", command(name, "--help")[1]))


def test_manual_page():
    with open(os.path.join(TOP, "man", "leakgc.1")) as f:
        page = f.read()
    sections = re.findall(r"^\.Sh (.*)", page, re.M)
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "FILES", "SIGNALS", "EXIT STATUS",
                    "OVERHEAD", "LIMITATIONS", "EXAMPLES", "SEE ALSO"):
        check(section in sections, section, "is missing")
    for name in COMMANDS:
        check(re.search(rf"\b{name}\b", page), name, "is not documented")
        for option in long_options(name):
            check(f"Fl -{option[2:]}" in page, name, option, "is not documented")


def test_manual_page_is_clean():
    need("mandoc")
    done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", os.path.join(TOP, "man", "leakgc.1")], capture_output=True,
                          text=True)
    equal((done.returncode, done.stdout), (0, ""))


def complete(*words):
    """What bash offers for the last word."""
    script = ('. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE};'
              ' _leakgc leakgc "${COMP_WORDS[COMP_CWORD]}"; printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run([need("bash"), "-c", script, os.path.join(TOP, "tools", "leakgc.bash"), *words],
                          capture_output=True, text=True, cwd="/")
    equal(done.stderr, "", "stderr of the completion")
    return done.stdout.split()


def test_completion():
    equal(sorted(complete("leakgc", "")), sorted(COMMANDS + ["--help", "--version"]))
    equal(complete("leakgc", "sy"), ["symbolize"])
    equal(complete("leakgc", "help", "ru"), ["run"])
    for name in COMMANDS:
        equal(set(complete("leakgc", name, "--")), long_options(name), name)
    equal(complete("leakgc", "leaks", "1", "i"), ["increased"])
    check("etc" in complete("leakgc", "dump", "1", "et"), "files for dump")
    equal(complete("leakgc", "top", "--sort", "g"), ["growth"])
    equal(complete("leakgc", "dump", "--format", "js"), ["json", "jsonl"])
    equal(complete("leakgc", "run", "-"), ["-o", "--exit-code", "--open", "--help", "--version"])
    check("etc/" in complete("leakgc", "symbolize", "--debug-path", "et") or
          "etc" in complete("leakgc", "symbolize", "--debug-path", "et"), "folders")
    check("true" in complete("leakgc", "run", "tru"), "programs")
    check("true" in complete("leakgc", "run", "-o", "verbose=1", "--", "tru"), "programs after options")
    check("true" in complete("leakgc", "run", "-o", "verbose", "=", "1", "tru"), "words cut at =")
    check("/etc/passwd" in complete("leakgc", "run", "cat", "/etc/passw"), "files for the program")


def test_completion_of_library_options():
    table = os.path.join(TOP, "preload", "options.def")
    if not os.path.exists(table):
        raise harness.Skip("the table of options is not there")
    with open(table) as f:
        keys = re.findall(r"^OPTION\(\w+, (\w+),", f.read(), re.M)
    check(keys, "no options in the table")
    equal(sorted(complete("leakgc", "run", "-o", "")), sorted(key + "=" for key in keys))
