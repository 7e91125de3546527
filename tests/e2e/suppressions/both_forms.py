# SPDX-License-Identifier: MIT
"""What each suppression leaves: of a list that a block of 100 bytes leads, of a lone block, and of a
possibly lost one. Each text that suppresses has a neighbour that does not."""

import reports
import runner

PROGRAM = """
#include <stdlib.h>
struct node { struct node *next; char pad[24]; };
char *inside;
__attribute__((noinline)) static struct node *make_node(struct node *next)
{
    struct node *n = malloc(sizeof *n);
    n->next = next;
    return n;
}
__attribute__((noinline)) void lose_list(void)
{
    struct node *n = NULL;
    for (int i = 0; i < 5; i++)
        n = make_node(n);
    struct node *head = malloc(100);
    head->next = n;
}
__attribute__((noinline)) void lose_one(void)
{
    char *volatile p = malloc(10);
    p = NULL;
}
__attribute__((noinline)) void lose_perhaps(void)
{
    inside = (char *)malloc(50) + 20;
}
int main(void)
{
    lose_list();
    lose_one();
    lose_perhaps();
    return 0;
}
"""

ALL = {"definite": (110, 2), "indirect": (160, 5), "suppressed": (0, 0)}
NO_LIST = {"definite": (10, 1), "indirect": (0, 0), "suppressed": (260, 6)}
NO_ONE = {"definite": (100, 1), "indirect": (160, 5), "suppressed": (10, 1)}
NO_NODES = {"definite": (110, 2), "indirect": (0, 0), "suppressed": (160, 5)}


def block(*frames, kinds="all"):
    return "{\n   a name\n   Memcheck:Leak\n   match-leak-kinds: %s\n   %s\n}\n" % (kinds, "\n   ".join(frames))


CASES = (
    ("", ALL),
    ("leak:lose_one\n", NO_ONE),
    ("leak:lose_ones\n", ALL),
    ("leak:^lose_o*e$\r\n", NO_ONE),
    ("leak:^ose_one\n", ALL),
    ("leak:lose_list", NO_LIST),
    ("leak:make_node", NO_NODES),
    ("leak:the_program.c", None),
    ("leak:/other/", ALL),
    ("leak:lose_one\nleak:lose_list\n", None),
    (block("fun:malloc", "fun:lose_one"), NO_ONE),
    (block("fun:lose_one"), NO_ONE),
    (block("fun:lose_one", kinds="indirect,possible"), ALL),
    (block("fun:main"), ALL),
    (block("...", "fun:main"), None),
    (block("...", "fun:main", kinds="indirect"), NO_NODES),
    (block("...", "fun:lose_one", "obj:*/program"), NO_ONE),
    (block("...", "fun:lose_one", "obj:*/other"), ALL),
    (block("src:the_program.c", "fun:main"), None),
    (block("src:the_program.c:999", "fun:main"), ALL),
    ("# both forms\n" + block("fun:make_node", "...") + "leak:lose_one\n",
     {"definite": (100, 1), "indirect": (0, 0), "suppressed": (170, 6)}),
)


def summary(result, text):
    totals = reports.parse_totals(result.stderr)
    if not totals:
        raise runner.Failure("no summary with %r" % text, result.stderr)
    return totals


def test(bench):
    exe = bench.compile("#line 1 \"/src/the_program.c\"\n" + PROGRAM, "-O0 -g")
    for text, expected in CASES:
        with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
            file.write(text)
        result = bench.run([exe], {"LEAKGC_SUPPRESSIONS": "supp", "LEAKGC_EXITCODE": "5"})
        if expected is None:
            if result.stderr or result.status:
                raise runner.Failure("%r suppresses all" % text, result.stderr)
            continue
        totals = summary(result, text)
        if result.status != 5 or any(totals[kind] != expected[kind] for kind in expected):
            raise runner.Failure("with %r expected %s, got %s" % (text, expected, totals), result.stderr)
    possible(bench, exe)


def possible(bench, exe):
    """Kinds that are not listed are counted, and that is all."""
    with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
        file.write("leak:lose_perhaps\n")
    listed = summary(bench.run([exe], {"LEAKGC_SUPPRESSIONS": "supp", "LEAKGC_KINDS": "all"}), "possible")
    plain = summary(bench.run([exe], {"LEAKGC_SUPPRESSIONS": "supp"}), "possible")
    if listed["possible"] != (0, 0) or listed["suppressed"] != (50, 1):
        raise runner.Failure("possibly lost blocks are suppressed", str(listed))
    if plain["possible"] != (50, 1) or plain["suppressed"] != (0, 0):
        raise runner.Failure("what is not listed is only counted", str(plain))
