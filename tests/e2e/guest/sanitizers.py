# SPDX-License-Identifier: MIT
"""Programs built with a sanitizer run as without the library, which says in one line that it stands aside. Undefined
behaviour's sanitizer has no malloc, and its programs are checked."""

import os
import re
import shutil

import runner

PROGRAM = """
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t handled;

static void handler(int number)
{
    handled += number == SIGUSR1;
}

static void *work(void *p)
{
    for (int i = 1; i < 1000; i++)
        free(realloc(malloc((size_t)i), (size_t)i * 2));
    return strcat(p, "!");
}

__attribute__((noinline)) static void lose(void)
{
    char *volatile p = malloc(109);
    p[0] = 1;
    p = NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread[4];
    char *text[4];
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < 4; i++) {
        text[i] = calloc(1, 20);
        strcpy(text[i], "hi");
        pthread_create(&thread[i], NULL, work, text[i]);
    }
    raise(SIGUSR1);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        puts(text[i]);
        free(text[i]);
    }
    fflush(stdout);
    if (fork() == 0)
        _exit(3);
    int status;
    wait(&status);
    printf("%d %d %s %s\\n", (int)handled, WEXITSTATUS(status), argv[0], argc > 1 ? argv[1] : "");
    if (argc > 1)
        lose();
    return argc > 1 ? 0 : 7;
}
"""
ASIDE = r"==\d+==leakgc: the program was built with a sanitizer \(%s[\w.-]*\) and runs without leakgc; its blocks are" \
        r" not checked for leaks\n"
OWN = r"==\d+==leakgc: the program's malloc is not ours but that of \S+; its blocks are not checked for leaks\n"
CASES = [
    ("gcc", "address", ASIDE % "libasan"), ("gcc", "leak", ASIDE % "liblsan"), ("gcc", "thread", ASIDE % "libtsan"),
    ("gcc", "thread -static-libtsan", OWN), ("clang", "address", OWN), ("clang", "thread", OWN),
    ("clang", "memory", OWN),
]


def build(bench, compiler, flags):
    source, exe = os.path.join(bench.cwd, "program.c"), os.path.join(bench.cwd, "program")
    with open(source, "w", encoding="utf-8") as file:
        file.write(PROGRAM)
    done = runner.execute([compiler, "-g", "-O1", "-pthread", "-fsanitize=" + flags.split()[0], *flags.split()[1:], "-o",
                           exe, source], cwd=bench.cwd, timeout=60)
    return exe if done.status == 0 else None


def compare(bench, exe, words, env, said):
    """The same as without the library, but for one more line at the beginning."""
    plain = bench.run([exe] + words, preload=False)
    ours = bench.run([exe] + words, env)
    first = re.match(said, ours.stderr)
    rest = ours.stderr[first.end():] if first else ""
    if not first or (plain.status, plain.stdout) != (ours.status, ours.stdout) \
            or ("LeakSanitizer: detected" in plain.stderr) != ("LeakSanitizer: detected" in rest) \
            or "leakgc: " in rest or (not plain.stderr and rest):
        raise runner.Failure("%s: status %d, without the library %d" % (words, ours.status, plain.status), ours.stderr)


def test(bench):
    compared = 0
    for compiler, flags, said in CASES:
        exe = shutil.which(compiler) and build(bench, compiler, flags)
        if not exe or bench.run([exe], preload=False).status != 7:
            continue  # not installed, or it does not work here
        compared += 1
        compare(bench, exe, [], {}, said)
        compare(bench, exe, ["lose"], {}, said)
        if "the program was built" in said:
            compare(bench, exe, [], {"LEAKGC_ONLY": "other"}, "")
            compare(bench, exe, [], {"LEAKGC_OPTIONS": "enabled=0"}, "")
    if not compared:
        raise runner.Skip("no sanitizer is installed")
    exe = build(bench, "gcc", "undefined")
    if exe and "definitely lost: 109 bytes in 1 blocks" not in bench.run([exe, "lose"]).stderr:
        raise runner.Failure("no report with the sanitizer of undefined behaviour")
