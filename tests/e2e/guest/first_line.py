# SPDX-License-Identifier: MIT
"""What makes a report incomplete is its first line: at the end, in a report that says that nothing leaks, and in one of
the living program."""

import re

import runner

PROGRAM = """
#include "leaktest.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>

static pthread_barrier_t there;

static void *work(void *unused)
{
    uint64_t all = ~(uint64_t)0;
    if (unused)
        syscall(SYS_rt_sigprocmask, 0, &all, NULL, sizeof all);
    pthread_barrier_wait(&there);
    for (;;)
        pause();
    return unused;
}

int main(int argc, char **argv)
{
    long (*scan)(void) = (long (*)(void))dlsym(RTLD_DEFAULT, "leakgc_scan");
    pthread_t thread;
    pthread_barrier_init(&there, NULL, 2);
    pthread_create(&thread, NULL, work, strstr(argv[1], "blocks") ? argv : NULL);
    pthread_barrier_wait(&there);
    if (strstr(argv[1], "lose"))
        use(malloc(109));
    if (strstr(argv[1], "ask")) {
        scan();
        _exit(0);
    }
    return argc - 2;
}
"""
# A malloc that the loader does not know; strdup calls ours.
INSIDE = """
#include <string.h>
#define HIDDEN __attribute__((visibility("hidden"), noinline))
static char pool[4096];
HIDDEN void *malloc(unsigned long n) { __asm__ volatile("" : "+r"(n)); return pool + n % 100; }
HIDDEN void free(void *p) { __asm__ volatile("" : : "r"(p)); }
int main(int argc, char **argv)
{
    char *volatile p = malloc(10);
    free(p);
    if (argc > 1)
        p = strdup(argv[1]);
    p = NULL;
    return p != NULL;
}
"""
MISSED = (r"\A==\d+==leakgc: incomplete: 1 thread\(s\) could not be stopped \(the first: \d+\); their registers were"
          r" not searched\n")
OWN = r"==\d+==leakgc: %sthe program has a malloc of its own inside; its blocks are not checked for leaks\n"
REPORT = r"\n=+\n==\d+==ERROR: leakgc: detected memory leaks"


def expect(bench, exe, mode, options, pattern):
    result = bench.run([exe] + mode, {"LEAKGC_OPTIONS": options}, timeout=60)
    if result.status or not re.search(pattern, result.stderr):
        raise runner.Failure("%s %s: status %d, no match of %s" % (mode, options, result.status, pattern),
                             result.stderr)


def test(bench):
    exe = bench.compile(PROGRAM)
    expect(bench, exe, ["blocks lose"], "", MISSED + REPORT)
    expect(bench, exe, ["blocks"], "verbose=1:log=lines", MISSED + r"==\d+==leakgc: no leaks\n")
    expect(bench, exe, ["blocks lose ask"], "", MISSED + REPORT)
    expect(bench, exe, ["lose"], "", r"\A" + REPORT)
    expect(bench, exe, ["none"], "verbose=1:log=lines", r"\A==\d+==leakgc: no leaks\n")
    expect(bench, exe, ["lose ask"], "", r"\A" + REPORT)
    exe = bench.compile(INSIDE, "-O1 -g -fno-builtin", "inside.c")
    expect(bench, exe, ["some words"], "", r"\A" + OWN % "incomplete: " + REPORT)
    expect(bench, exe, [], "verbose=1:log=lines", r"\A\Z")
    expect(bench, exe, [], "", r"\A" + OWN % "" + r"\Z")
