# SPDX-License-Identifier: MIT
"""help=1 prints every option of the table, with its default, and the program runs on."""

import os
import re

import runner


def test(bench):
    table = os.path.join(bench.project, "preload", "options.def")
    with open(table, encoding="utf-8") as file:
        keys = re.findall(r"^OPTION\((\w+), (\w+), ([^,\"]+|\"[^\"]*\"),", file.read(), re.MULTILINE)
    if len(keys) < 20:
        raise runner.Failure("only %d options in %s" % (len(keys), table))
    exe = bench.compile('#include <stdio.h>\nint main(void) { puts("ran"); return 3; }\n')
    result = bench.run([exe], {"LEAKGC_HELP": "1"})
    if result.status != 3 or result.stdout != "ran\n":
        raise runner.Failure("the program is affected: status %d" % result.status, result.stdout)
    for _, key, default in keys:
        line = re.search(r"^\s+%s\b.*$" % key, result.stderr, re.MULTILINE)
        if not line:
            raise runner.Failure("help=1 does not name " + key, result.stderr)
        if default.strip('"') and default.strip('"') not in line.group(0):
            raise runner.Failure("help=1 does not tell the default of " + key, line.group(0))
