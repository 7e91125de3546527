# SPDX-License-Identifier: MIT
"""Prints the cases' tables of known leaks as the one table that README.md shows."""


def of_known_leaks(cases):
    """A line for each site; cases that share it are named together."""
    names = {}
    for case in cases:
        for leak in case.leaks:
            site = (leak.program, leak.stack, leak.most_bytes, leak.reason)
            names.setdefault(site, {})[case.name] = None
    lines = [
        "| program | stack (innermost first) | at most | why it is a true leak | cases |",
        "|---|---|---|---|---|",
    ]
    for (program, stack, most, reason), where in names.items():
        globs = " < ".join(f"`{glob}`" for glob in stack)
        bound = f"{most:,} bytes" if most else ""
        lines.append(f"| `{program}` | {globs} | {bound} | {reason} | {', '.join(where)} |")
    return "\n".join(lines)
