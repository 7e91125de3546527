# SPDX-License-Identifier: MIT
"""Other allocators: one that is preloaded before the library serves the program, which is told and runs as without the
library; one behind it, preloaded or needed by the program, serves nobody, and the program is checked."""

import os
import re

import runner

PROGRAM = """
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *work(void *p)
{
    for (int i = 1; i < 1000; i++)
        free(realloc(malloc((size_t)i), (size_t)i * 2));
    return p;
}

__attribute__((noinline)) static void lose(void)
{
    char *volatile p = malloc(109);
    p[0] = 1;
    p = NULL;
}

int main(void)
{
    pthread_t thread[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&thread[i], NULL, work, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    lose();
    puts("done");
    return 3;
}
"""
OTHERS = ["libjemalloc.so.2", "libtcmalloc_minimal.so.4", "libmimalloc.so.2"]
LINE = r"==\d+==leakgc: the program's malloc is not ours but that of \S*%s\S*; its blocks are not checked for leaks\n"


def is_there(bench, name):
    return bench.run(["/bin/true"], {"LD_PRELOAD": name}, preload=False).stderr == ""


def expect(result, status, pattern, what):
    if (result.status, result.stdout) != (status, "done\n") or not re.search(pattern, result.stderr):
        raise runner.Failure("%s: status %d" % (what, result.status), result.stderr)


def test(bench):
    exe = bench.compile(PROGRAM)
    found = [name for name in OTHERS if is_there(bench, name)]
    if not found:
        raise runner.Skip("no other allocator is installed")
    leak = r"definitely lost: 109 bytes in 1 blocks"
    for name in found:
        first = {"LD_PRELOAD": name + ":" + bench.library}
        expect(bench.run([exe], first, preload=False), 3, r"\A" + LINE % name.split(".")[0] + r"\Z", name + " first")
        second = {"LD_PRELOAD": bench.library + ":" + name}
        expect(bench.run([exe], second, preload=False), 3, leak, name + " behind")
        path = os.path.join("/usr/lib", os.uname().machine + "-linux-gnu", name)
        if os.path.exists(path):
            needing = bench.compile(PROGRAM, "-O1 -g -Wl,--no-as-needed %s" % path, "needing.c")
            expect(bench.run([needing]), 3, leak, name + " needed")
