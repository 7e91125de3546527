# SPDX-License-Identifier: MIT
"""Each way to scan a running program finds what is lost and nothing else, before the program ends; and
without confirmation or age there is no report yet."""

import os
import re

import reports
import runner

PROGRAM = """
#include "livetest.h"
#include <pthread.h>
#include <sys/mman.h>

struct node { struct node *next; char more[40]; };
static struct node *global;
static _Thread_local void *local;
static void *inside;

static void *lose(void *argument)
{
    struct node *head = malloc(109);
    for (int i = 0; i < 10; i++) {
        struct node *n = malloc(sizeof *n);
        n->next = i ? head->next : NULL;
        head->next = n;
    }
    use(head);
    return argument;
}

static NOINLINE void keep(int depth)
{
    void *volatile here = malloc(1000);
    if (depth)
        keep(depth - 1);
    else
        wait_scans(SCANS);
    free(here);
}

static void *work(void *argument)
{
    local = malloc(333);
    keep(5);
    free(local);
    return argument;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < 1000; i++) {
        struct node *n = calloc(1, sizeof *n);
        n->next = global;
        global = n;
    }
    void **mapped = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mapped != MAP_FAILED);
    mapped[77] = malloc(777);
    local = malloc(111);
    inside = (char *)malloc(500) + 64;
    CHECK(!pthread_create(&thread, NULL, lose, NULL) && !pthread_join(thread, NULL));
    CHECK(!pthread_create(&thread, NULL, work, NULL));
    keep(3);
    _exit(0);
}
"""


def run(bench, exe, options):
    log = os.path.join(bench.cwd, "scans")
    if os.path.exists(log):
        os.remove(log)
    result = bench.run([exe], {"LEAKGC_OPTIONS": "interval=50ms:scan_log=scans:" + options}, timeout=60)
    if result.status != 0:
        raise runner.Failure("status %d with %s" % (result.status, options), result.stderr)
    with open(log, encoding="utf-8") as file:
        return result, file.read()


def test(bench):
    exe = bench.compile(PROGRAM.replace("SCANS", "5"), "-O1 -g")
    for method in ("stop", "fork", "concurrent"):
        for age, expected in (("0", 1), ("1h", 0)):
            options = "snapshot=%s:min_age=%s" % (method, age)
            result, log = run(bench, exe, options)
            found, others = reports.parse(result.stderr)
            if len(found) != expected or any(line.strip() for line in others):
                raise runner.Failure("%d reports with %s" % (len(found), options), result.stderr + log)
            for report in found:
                if report.faults() or report.amount("definite") != (109, 1) \
                        or report.amount("indirect") != (480, 10):
                    raise runner.Failure("wrong report with " + options, result.stderr + log)
                if "the first was lost at scan 1" not in result.stderr:
                    raise runner.Failure("it does not say since when", result.stderr)
            used = set(re.findall(r" method=(\w+) ", log))
            if method not in used:
                raise runner.Failure("the method was %s, not %s" % (used, method), log)
    result, log = run(bench, exe, "min_age=0:confirm=100")
    if result.stderr:
        raise runner.Failure("a report without confirmation", result.stderr)
