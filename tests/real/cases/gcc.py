# SPDX-License-Identifier: MIT
"""gcc: 1,500 generated functions at -O2, the object file must be the same byte for byte; then the whole
chain of driver, cpp, cc1, as, collect2 and ld; and a source with errors."""

import random

from harness import case
from known import BINUTILS, COMPILER_DRIVER


def source(functions):
    """Functions with loops, switches, arrays and calls of each other; the same text each time."""
    pick = random.Random(1)
    lines = ["#include <stdio.h>", "#include <stdlib.h>", "#include <string.h>",
             "struct item { struct item *next; long key; char name[24]; };"]
    for i in range(functions):
        a, b, c = (pick.randrange(1, 1000) for _ in range(3))
        callee = f"f{pick.randrange(i)}" if i else "labs"
        body = (
            f"""
    long table[8] = {{{a}, {b}, {c}}};
    for (long i = x & 7; i < 8; i++)
        table[i] = table[i] * {b} + (x ^ {c});
    x += table[x & 7];""",
            f"""
    switch (x % {3 + b % 5}) {{
    case 0: return x > {a} ? {callee}(x / 2) : {b};
    case 1: x += (long)strlen("text {i}") * {a}; break;
    default: x /= {a};
    }}""",
            f"""
    struct item it = {{NULL, x, "name {i}"}};
    x ^= it.key + it.name[x & 7] + (x & 1 ? {callee}(x >> 1) : {b});""",
        )[i % 3]
        noinline = "__attribute__((noinline)) " if i % 4 else ""
        lines.append(f"{noinline}long f{i}(long x)\n{{{body}\n    return x + {c};\n}}")
    lines.append(f'int main(void) {{ printf("%ld\\n", f{functions - 1}(123456)); return 0; }}')
    return "\n".join(lines) + "\n"


@case(
    "gcc",
    needs={"gcc": "gcc"},
    checked=["*gcc*", "cc1", "*as", "collect2", "*ld*"],
    leaks=[*BINUTILS, *COMPILER_DRIVER],
)
def gcc(stage):
    stage.write("many.c", source(1500))
    stage.do(["gcc", "-O2", "-c", "many.c", "-o", "many.o"])
    stage.note_bytes("object file", stage.read("many.o"))
    stage.do(["gcc", "many.o", "-o", "many"])
    stage.note_bytes("program", stage.read("many"))
    stage.do(["./many"])
    stage.write("few.c", source(100))
    stage.do(["gcc", "-g3", "-O1", "-fsanitize=undefined", "-S", "few.c", "-o", "few.s"])
    stage.note_bytes("assembler", stage.read("few.s"))
    stage.write("wrong.c", "int f(void) { retrun 1; }\nint g(int x) { return y; }\n")
    stage.do(["gcc", "-Wall", "-c", "wrong.c"], status=1)
