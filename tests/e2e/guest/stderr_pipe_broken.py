# SPDX-License-Identifier: MIT
"""stderr is a pipe that nobody reads any more: the report's SIGPIPE must not end the program."""

import os
import subprocess

import runner

PROGRAM = """
#include <stdlib.h>

__attribute__((noinline)) static void work(void)
{
    char *volatile p = malloc(10);
    p = NULL;
}

int main(void)
{
    work();
    return 5;
}
"""


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    for full in (False, True):
        read_end, write_end = os.pipe()
        if full:
            # Full, and still open: the report can't be written, and must not wait for ever.
            os.set_blocking(write_end, False)
            try:
                while True:
                    os.write(write_end, b"x" * 4096)
            except BlockingIOError:
                pass
        else:
            os.close(read_end)
        process = subprocess.Popen([exe], stderr=write_end, cwd=bench.cwd, restore_signals=True,
                                   env=runner.clean_environment(LD_PRELOAD=bench.library))
        try:
            status = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise runner.Failure("it hangs; pipe full: %s" % full) from None
        finally:
            os.close(write_end)
            if full:
                os.close(read_end)
        if status != 5:
            raise runner.Failure("status %d, not 5; pipe full: %s" % (status, full))
