# SPDX-License-Identifier: MIT
"""Where /proc is of another pid namespace, its numbers of threads are not those that can be signalled: there is no check
of several threads, and that is said; a program of one thread is checked as ever."""

import re

import runner

PROGRAM = """
#include "leaktest.h"

#include <pthread.h>

static volatile int ready, over;

static void *hold(void *unused)
{
    (void)unused;
    void *only = malloc(4242);
    __asm__ volatile("mov %0, %%r15\\n\\t xor %0, %0\\n\\t movl $1, %1\\n1: cmpl $0, %2\\n\\t pause\\n\\t je 1b\\n"
                     : "+r"(only), "=m"(ready) : "m"(over) : "r15", "cc");
    return NULL;
}

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(int argc, char **argv)
{
    pthread_t thread;
    lose();
    clobber();
    if (argc > 1)
        CHECK(argv[1] && !pthread_create(&thread, NULL, hold, NULL));
    while (argc > 1 && !ready)
        usleep(1000);
    return 0;
}
"""


def lost(result):
    return [int(found.replace(",", "")) for found in re.findall(r"definitely lost: ([\d,]+) bytes", result.stderr)]


def test(bench):
    exe = bench.compile(PROGRAM, "-O1 -pthread")
    namespace = ["unshare", "-fp"]
    if bench.run(namespace + ["true"], {}).status:
        raise runner.Skip("no pid namespace may be made here")
    for before in [], namespace:
        result = bench.run(before + [exe], {})
        if result.status or lost(result) != [109]:
            raise runner.Failure("one thread: status %d" % result.status, result.stderr)
    result = bench.run([exe, "thread"], {})
    if result.status or lost(result) != [109]:
        raise runner.Failure("two threads: status %d" % result.status, result.stderr)
    result = bench.run(namespace + [exe, "thread"], {})
    if result.status or lost(result) or result.stderr.count("leakgc: no leak check: threads can't be stopped") != 1:
        raise runner.Failure("two threads, foreign numbers: status %d" % result.status, result.stderr)
