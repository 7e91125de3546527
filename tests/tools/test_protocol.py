# SPDX-License-Identifier: MIT
"""What the symbolizer does with requests that are not right, and with its own input and output."""
import os
import resource
import shutil
import subprocess
import tempfile

import harness
from harness import Source, UNKNOWN, check, command, directory, equal, module_line, parse, symbols

UNKNOWN_TEXT = "f\t-\t-\t0\t0\n.\n"
MODULE = "module 0 1000 2000 0 - /does/not/exist\n"


def refused(request, line, message, blocks):
    """One line on stderr that names the line; so many unknown blocks; status 1."""
    status, out, err = command("symbolize", stdin=request)
    equal(err, f"leakgc symbolize: line {line}: {message}\n", f"stderr for {request!r}")
    equal(out, UNKNOWN_TEXT * blocks, f"answers to {request!r}")
    equal(status, 1, f"status for {request!r}")


def test_empty_request():
    equal(command("symbolize"), (0, "", ""))


def test_modules_without_pcs():
    equal(command("symbolize", stdin=MODULE), (0, "", ""))


def test_last_line_without_newline():
    equal(command("symbolize", stdin=MODULE + "pc 0 1000"), (0, UNKNOWN_TEXT, ""))


def test_bad_lines_that_are_no_pc():
    for text, message in {
        "": "neither 'module' nor 'pc'",
        "hello": "neither 'module' nor 'pc'",
        "pcs 0 1000": "neither 'module' nor 'pc'",
        " pc 0 1000": "neither 'module' nor 'pc'",
        "module": "bad module number",
        "module x 1 2 0 - /a": "bad module number",
        "module -1 1 2 0 - /a": "bad module number",
        "module 1048576 1 2 0 - /a": "bad module number",
        "module 99999999999999999999 1 2 0 - /a": "bad module number",
        "module 0 1 2 0 - /a": "this module was given before",
        "module 1 0x1 2 0 - /a": "bad address",
        "module 1 1 g 0 - /a": "bad address",
        "module 1 1 2 -0 - /a": "bad address",
        "module 1 1 11111111111111111 0 - /a": "bad address",
        "module 1 1": "bad address",
        "module 1  1 2 0 - /a": "bad address",
        "module 1 2 2 0 - /a": "the module ends before it starts",
        "module 1 3 2 0 - /a": "the module ends before it starts",
        "module 1 1 2 0": "bad build id",
        "module 1 1 2 0 abc /a": "bad build id",
        "module 1 1 2 0 zz /a": "bad build id",
        "module 1 1 2 0 " + "ab" * 65 + " /a": "bad build id",
        "module 1 1 2 0 -": "no path",
        "module 1 1 2 0 ab ": "no path",
        "module 1 1 2 0 - /a\0b": "a NUL byte in the line",
    }.items():
        refused(MODULE + text + "\npc 0 1000\n", 2, message, 1)


def test_bad_pc_lines_have_an_answer():
    for text, message in {
        "pc": "bad module number",
        "pc ": "bad module number",
        "pc x 1000": "bad module number",
        "pc 0": "bad address",
        "pc 0 ": "bad address",
        "pc 0 0x1000": "bad address",
        "pc 0 1000 1": "more than two words after 'pc'",
        "pc 1 1000": "no such module was given",
        "pc 4294967295 1000": "bad module number",
        "pc 0 fff": "the address is outside of its module",
        "pc 0 2000": "the address is outside of its module",
        "pc 0 1000\0": "a NUL byte in the line",
    }.items():
        refused(MODULE + "pc 0 1fff\n" + text + "\npc 0 1000\n", 3, message, 3)


def test_pc_before_its_module():
    refused("pc 0 1000\n" + MODULE, 1, "no such module was given", 1)


def test_many_bad_lines_are_counted():
    status, out, err = command("symbolize", stdin="bad\n" * 25)
    lines = err.splitlines()
    equal(len(lines), 21)
    equal(lines[20], "leakgc symbolize: 5 more lines are malformed")
    equal((status, out), (1, ""))


def test_long_line():
    status, out, err = command("symbolize", stdin="x" * 3000000 + "\n" + MODULE + "pc 0 1000\n")
    equal((status, out), (1, UNKNOWN_TEXT))
    equal(err, "leakgc symbolize: line 1: neither 'module' nor 'pc'\n")


def test_good_answers_beside_bad_lines():
    source = Source(directory("beside"), "beside.c", 'int main(void)\n{\n    __asm__("here: nop"); /* @here */\n}\n')
    program = source.build("beside", "-g")
    good = f"pc 0 {0x7F0000000000 + symbols(program)['here']:x}\n"
    status, out, _ = command("symbolize", stdin=module_line(program) + good + "pc\n" + good + "pc 7 1\n" + good)
    expected = [("main", source.path, source.line("here"))]
    blocks = [[f[:3] for f in block] for block in parse(out)]
    equal(blocks, [expected, [UNKNOWN[0][:3]], expected, [UNKNOWN[0][:3]], expected])
    equal(status, 1)


def run_shell(script):
    done = subprocess.run(["sh", "-c", script, "sh", harness.leakgc], input=(MODULE + "pc 0 1000\n" * 50000).encode(),
                          capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_full_device():
    status, _, err = run_shell('"$1" symbolize > /dev/full')
    equal(status, 1)
    equal(err, "leakgc symbolize: writing answers: No space left on device\n")


def test_closed_output():
    status, _, err = run_shell('"$1" symbolize >&-')
    equal(status, 1)
    check("writing answers" in err and err.count("\n") == 1, err)


def test_reader_that_goes_away():
    _, out, err = run_shell('{ "$1" symbolize; echo "status $?" >&2; } | head -n 1')
    equal(out, UNKNOWN_TEXT[:UNKNOWN_TEXT.index(".")])
    equal(err, "status 1\n")


def test_closed_input():
    status, out, err = run_shell('"$1" symbolize <&-')
    equal((status, out), (1, ""))
    equal(err, "leakgc symbolize: reading the request: Bad file descriptor\n")


def test_input_is_a_folder():
    status, out, err = run_shell('"$1" symbolize < /')
    equal((status, out), (1, ""))
    equal(err, "leakgc symbolize: reading the request: Is a directory\n")


def test_signals_ignored_by_the_parent():
    # a program may have SIGCHLD and SIGPIPE ignored, and the helper inherits that
    status, out, err = run_shell('trap "" CHLD PIPE; "$1" symbolize')
    equal((status, err), (0, ""))
    equal(out, UNKNOWN_TEXT * 50000)


def test_no_more_processes():
    # root is not limited, so root becomes somebody else, who needs a copy to reach
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)
    program = shutil.copy(harness.leakgc, folder)

    def limit():
        if os.getuid() == 0:
            os.setuid(65534)
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))

    done = subprocess.run([program, "symbolize"], capture_output=True, input=(MODULE + "pc 0 1000\n").encode(),
                          preexec_fn=limit, cwd="/")
    shutil.rmtree(folder)
    equal((done.returncode, done.stderr, done.stdout), (0, b"", UNKNOWN_TEXT.encode()))
