# SPDX-License-Identifier: MIT
"""Helpers that answer nonsense, half, too much or nothing: a report comes, and nothing hangs."""

import os

import reports
import runner

PROGRAM = """
#include <stdlib.h>

__attribute__((noinline)) void work(void)
{
    char *volatile p = malloc(10);
    p = NULL;
}

int main(void)
{
    work();
    return 0;
}
"""

HELPERS = {
    "endless": "#!/bin/sh\nexec yes\n",
    "endless without newline": "#!/bin/sh\nexec cat /dev/zero\n",
    "garbage": "#!/bin/sh\nhead -c 100000 /dev/urandom\n",
    "half an answer": "#!/bin/sh\nprintf 'f\\tsome_name\\t/a/file.c'\n",
    "one answer only": "#!/bin/sh\nprintf 'f\\tsome_name\\t/a/file.c\\t5\\t1\\n.\\n'\n",
    "bad numbers": "#!/bin/sh\nyes \"$(printf 'f\\tx\\t/a\\t99999999999999999999\\t-7\\n.')\" | head -100\n",
    "killed": "#!/bin/sh\nkill -SEGV $$\n",
    "no answer": "#!/bin/sh\nexit 0\n",
    "does not read": "#!/bin/sh\nexec 0<&-\nexit 3\n",
}


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g -rdynamic")
    for name, script in HELPERS.items():
        helper = os.path.join(bench.cwd, "helper")
        with open(helper, "w", encoding="utf-8") as file:
            file.write(script)
        os.chmod(helper, 0o755)
        try:
            result = bench.run([exe], {"LEAKGC_HELPER": helper}, timeout=15)
        except runner.Failure as why:
            raise runner.Failure("a helper that is '%s': %s" % (name, why), why.detail) from None
        found, _ = reports.parse(result.stderr)
        if result.status != 0 or len(found) != 1 or found[0].amount("definite") != (10, 1):
            raise runner.Failure("a helper that is '%s': status %d" % (name, result.status), result.stderr)
