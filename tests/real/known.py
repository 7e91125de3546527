# SPDX-License-Identifier: MIT
"""Known true leaks of tools that several cases use; the others stand in their case's own file."""

from harness import Leak

ENDS_WITH_MAIN = "held by a variable of main only, and main has returned (memcheck: the same blocks)"

COREUTILS = (
    Leak("tr", ("*/tr",), f"the lists of both character sets: {ENDS_WITH_MAIN}", most_bytes=256),
    Leak("sort", ("*/sort",), f"the list of file names: {ENDS_WITH_MAIN}", most_bytes=256),
    Leak("tail", ("*/tail",), f"the table of files: {ENDS_WITH_MAIN}", most_bytes=256),
    Leak("date", ("*/date",), f"the time zone: {ENDS_WITH_MAIN}", most_bytes=256),
    Leak("expr", ("*/expr",), f"the value of the expression: {ENDS_WITH_MAIN}", most_bytes=256),
)

NEVER_FREES = "ends without freeing what its main and its phases made (memcheck: the same sites)"

BINUTILS = (
    Leak("*as", ("*/*as",), f"the assembler {NEVER_FREES}", most_bytes=500_000),
    Leak("*ld*", ("*/*ld*",), f"the linker {NEVER_FREES}", most_bytes=500_000),
    Leak("*ld*", ("*/libbfd*", "*/*ld*"), f"the linker {NEVER_FREES}", most_bytes=500_000),
)

COMPILER_DRIVER = (
    Leak("*g[c+][c+]*", ("*/*g[c+][c+]*",), f"the driver {NEVER_FREES}", most_bytes=30_000),
    Leak("collect2", ("*/collect2",), f"collect2 {NEVER_FREES}", most_bytes=10_000),
)
