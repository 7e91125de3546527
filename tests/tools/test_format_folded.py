# SPDX-License-Identifier: MIT
"""--format folded, read as the programs that draw flame graphs do: one stack and its weight a line."""
import re

import formatting
from formatting import facts, golden, names, written
from harness import check, equal

KINDS = {"definite": "definitely lost", "indirect": "indirectly lost", "possible": "possibly lost",
         "reachable": "still reachable", "suppressed": "suppressed"}


def fold(text):
    """(stack, weight) of each line."""
    for line in text.splitlines():
        found = re.fullmatch(r"(.+) (\d+)", line)
        check(found, f"not a stack and a number: {line!r}")
        yield found.group(1).split(";"), int(found.group(2))


def clean(name):
    """As JSON says it, so with U+FFFD for what is not UTF-8."""
    return "".join("\ufffd" if ord(c) < 32 or ord(c) == 127 else ":" if c == ";" else c for c in name)


def test_folded_is_the_report():
    for report in formatting.everything():
        got = list(fold(written("folded", report, "--kinds", "all").decode("utf-8")))
        wanted = [([KINDS[s["kind"]], *(clean(n) for n in reversed(names(s)))], s["bytes"])
                  for s in facts(report, "--kinds", "all")["sites"]]
        wanted = [(stack if len(stack) > 1 else stack + ["[no stack]"], weight) for stack, weight in wanted]
        equal(got, wanted)


def test_folded_flame():
    """The width of main is that of all that it called."""
    report, _ = formatting.cplusplus()
    width = {}
    for stack, weight in fold(written("folded", report, "--kinds", "definite").decode()):
        for depth in range(1, len(stack) + 1):
            key = tuple(stack[:depth])
            width[key] = width.get(key, 0) + weight
    total = facts(report)["totals"]["definite"]["bytes"]
    equal(width["definitely lost",], total)
    equal([w for key, w in width.items() if key[-1] == "main"], [total])


def test_folded_golden():
    golden("folded", written("folded", formatting.sample()).decode())
    equal(written("folded", formatting.empty()), b"")


def test_program_is_as_expected():
    """What all the other tests rest on."""
    report, _ = formatting.cplusplus()
    document = facts(report)
    named = {(s["kind"], s["bytes"], s["blocks"]): names(s) for s in document["sites"]}
    leak = named["definite", 100, 1]
    check(leak[1].startswith("holder<char, 100>::make") and leak[2].startswith("void app::leak<char"), leak)
    check(any(n.startswith("app::odd::operator&&(") for n in named["definite", 7, 1]), named)
    check(any(n.startswith("app::odd::operator<<(") for stack in named.values() for n in stack), named)
    check(("indirect", 32, 1) in named and ("reachable", 5000, 1) in named, list(named))
    awkward_names = [n for s in facts(formatting.awkward())["sites"] for n in names(s)]
    check(any("a;b<c>&d\"e'f\\g" in n for n in awkward_names), awkward_names)
