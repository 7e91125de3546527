# SPDX-License-Identifier: MIT
"""Prints the cases' tables of known leaks as the one table that README.md shows."""


def of_known_leaks(cases):
    lines = ["| case | program | stack (innermost first) | why it is a true leak |", "|---|---|---|---|"]
    for case in cases:
        for leak in case.leaks:
            stack = " < ".join(f"`{glob}`" for glob in leak.stack)
            lines.append(f"| {case.name} | {leak.program} | {stack} | {leak.reason} |")
    return "\n".join(dict.fromkeys(lines))
