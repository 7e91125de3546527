# SPDX-License-Identifier: MIT
"""Without debug information, the name of a frame in libc is that of the function it stands in, or
none: never just the nearest symbol before it."""

import subprocess

import reports
import runner

PROGRAM = """
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    char *volatile p = malloc(10);
    p = NULL;
    return *(int *)a - *(int *)b;
}

static void *work(void *unused)
{
    int numbers[] = {3, 1, 2};
    char *volatile p = strdup("text");
    qsort(numbers, 3, sizeof numbers[0], compare);
    p = NULL;
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    work(NULL);
    return 0;
}
"""


def functions_of(path):
    """[(begin, end, name)] of the functions that the module exports."""
    text = subprocess.run(["nm", "-D", "-S", "--defined-only", path], stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) == 4 and words[2] in "TtWwi":
            begin = int(words[0], 16)
            found.append((begin, begin + int(words[1], 16), words[3].split("@")[0]))
    return found


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    result = bench.run([exe], {"LEAKGC_OPTIONS": "symbolize=0"})
    found, _ = reports.parse(result.stderr)
    if len(found) != 1:
        raise runner.Failure("%d reports" % len(found), result.stderr)
    functions, named = {}, 0
    for record in found[0].records:
        for frame in record.frames:
            if not frame.module or "libc.so" not in frame.module or not frame.function:
                continue
            functions.setdefault(frame.module, functions_of(frame.module))
            # The offset is that of the return address; the call stands before it.
            names = [name for begin, end, name in functions[frame.module]
                     if begin <= frame.offset - 1 < end or begin <= frame.offset < end]
            named += 1
            if frame.function not in names:
                raise runner.Failure("%s+0x%x is in %s, not in %s"
                                     % (frame.module, frame.offset, names, frame.function), result.stderr)
    if not named:
        raise runner.Failure("no frame of libc has a name, strdup's should", result.stderr)
