# SPDX-License-Identifier: MIT
"""gen_suppressions=1: what is printed suppresses the very site, and no other. In C and C++, with inlined
functions, without symbols, with a helper or without."""

import re

import reports
import runner

C = """
#include <stdlib.h>
static inline __attribute__((always_inline)) void *inlined(size_t n) { return malloc(n); }
__attribute__((noinline)) void *first(void) { char *volatile p = inlined(10); p[0] = 1; return NULL; }
__attribute__((noinline)) void *second(void) { void *volatile *p = calloc(1, 40); *p = malloc(30); return NULL; }
int main(void) { return first() == second() ? 0 : 1; }
"""
CXX = """
#include <map>
#include <string>
#include <cstdlib>
namespace ns { template <class T> struct maker { __attribute__((noinline)) static void make(T n) { T *volatile p = new T[n]; p[0] = n; } }; }
struct thing { __attribute__((noinline)) void operator*() { char *volatile p = (char *)malloc(7); p[0] = 1; } };
int main() { ns::maker<long>::make(10); thing t; *t; auto *volatile m = new std::map<std::string, int>; (*m)["a long enough key for the heap"] = 1; m = nullptr; return 0; }
"""

BLOCKS = re.compile(r"^\{\n.*?^\}\n", re.M | re.S)


def test(bench):
    for name, text, flags, source in (("C", C, "-O1 -g", "c.c"), ("C++", CXX, "-O1 -g", "cxx.cpp"),
                                      ("C without symbols", C, "-O1 -s", "stripped.c")):
        round_trip(bench, name, bench.compile(text, flags, source), {})
    round_trip(bench, "without the helper", bench.compile(C, "-O1 -rdynamic", "dynamic.c"), {"LEAKGC_HELPER": "/no/such"})


def round_trip(bench, name, exe, env):
    env = dict(env, LEAKGC_EXITCODE="5", LEAKGC_GEN_SUPPRESSIONS="1", LEAKGC_SUPPRESSIONS="supp")
    write(bench, "")
    first = bench.run([exe], env)
    blocks = BLOCKS.findall(first.stderr)
    found, _ = reports.parse(BLOCKS.sub("", first.stderr))
    if first.status != 5 or len(found) != 1 or len(blocks) != len(found[0].records):
        raise runner.Failure("%s: one suppression for each site" % name, first.stderr)
    write(bench, "".join(blocks))
    again = bench.run([exe], env)
    told = [line for line in again.stderr.splitlines() if "no names from the helper" not in line]
    if again.status != 0 or told:
        raise runner.Failure("%s: fed back, all is quiet" % name, "".join(blocks) + again.stderr)
    for i, one in enumerate(blocks):
        write(bench, one)
        alone(bench.run([exe], env), found[0].records[i], "%s, %s" % (name, one))


def alone(result, record, name):
    """Its own site is gone. Others may be, if it leads to them; the sum is always the same."""
    left = [(r.kind, r.bytes, r.blocks) for r in parse(result)]
    if (record.kind, record.bytes, record.blocks) in left:
        raise runner.Failure("its own site: %s" % name, result.stderr)
    totals = reports.parse_totals(result.stderr)
    if totals and totals["suppressed"][1] < record.blocks:
        raise runner.Failure("what is suppressed is counted: %s" % name, result.stderr)


def parse(result):
    found, _ = reports.parse(BLOCKS.sub("", result.stderr))
    return found[0].records if found else []


def write(bench, text):
    with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
        file.write(text)
