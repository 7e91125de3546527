# SPDX-License-Identifier: MIT
"""selftest=1: every check finds the planted leak, which is in no report and no total; where it is kept reachable, or
nothing is checked at all, that is told and the exit status says so."""

import os
import re

import runner

PROGRAM = """
#include "livetest.h"
#include <malloc.h>
#include <sys/wait.h>

void *kept[16];

// The planted block is the first of its size: its address is not far below that of the next ones.
static NOINLINE void keep_what_is_planted(void)
{
    char *a = malloc(1777), *b = malloc(1777);
    for (int i = 0; i < 16; i++)
        kept[i] = a - (b - a) * (i + 1);
    free(a);
    free(b);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    long (*scan)(void) = (long (*)(void))dlsym(RTLD_DEFAULT, "leakgc_scan");
    if (strstr(mode, "keep"))
        keep_what_is_planted();
    if (strstr(mode, "lose"))
        use(malloc(109));
    if (strstr(mode, "ask"))
        printf("%ld\\n", scan());
    if (strstr(mode, "live")) {
        wait_scans(3);
        _exit(0);
    }
    if (strstr(mode, "fork")) {
        int status = 1;
        pid_t pid = fork();
        if (pid > 0)
            CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    return atoi(mode);
}
"""
OWN_MALLOC = """
static _Alignas(16) char pool[1 << 20];
static unsigned long used;
void *malloc(unsigned long n) { void *p = pool + used; used += (n + 31) & ~15UL; return p; }
void free(void *p) { (void)p; }
void *calloc(unsigned long n, unsigned long m) { return malloc(n * m); }
int main(void) { return 0; }
"""
TURNED_OFF = "int __lsan_is_turned_off(void) { return 1; } int main(void) { return 0; }"
PASSED = "selftest passed: the planted leak was found"
KEPT = "selftest FAILED: the planted leak was found to be reachable, not definitely lost"


def lines(text):
    return re.findall(r"^==\d+==leakgc: (selftest .*)$", text, re.MULTILINE)


def expect(bench, exe, mode, options, status, said, more=None):
    result = bench.run([exe, mode], {"LEAKGC_OPTIONS": "selftest=1:" + options, **(more or {})}, timeout=60)
    if result.status != status or lines(result.stderr) != said:
        raise runner.Failure("status %s, said %s with '%s' %s, expected %s, %s"
                             % (result.status, lines(result.stderr), mode, options, status, said), result.stderr)
    return result


def silent(result):
    if result.stderr:
        raise runner.Failure("something is said", result.stderr)


def check_totals(bench, exe):
    """The scan log and the report are the same with and without it."""
    seen = []
    for options in ("selftest=1:", ""):
        result = bench.run([exe, "lose"], {"LEAKGC_OPTIONS": options + "kinds=all:scan_log=scans"})
        with open(os.path.join(bench.cwd, "scans"), encoding="utf-8") as file:
            log = re.findall(r"(?:live|lost)_(?:bytes|blocks)=\d+", file.read())
        os.remove(os.path.join(bench.cwd, "scans"))
        seen.append((result.status, log, re.sub(r"==\d+==|0x\w+", "", result.stderr)))
    if seen[0] != seen[1] or "definitely lost: 109 bytes in 1 blocks" not in seen[0][2]:
        raise runner.Failure("with it and without differ", "%s\n%s" % (seen[0], seen[1]))


def check_scans(bench, exe):
    """Scans of the living program."""
    for method in ("concurrent", "fork", "stop"):
        options = "interval=50ms:min_age=0:scan_log=scans:snapshot=" + method
        silent(expect(bench, exe, "live", options, 0, []))
        expect(bench, exe, "live", options + ":verbose=1", 0, [PASSED])
        expect(bench, exe, "live keep", options, 0, ["selftest FAILED: the planted leak was not found; so are others"])
    for mode, count in (("ask", "0\n"), ("ask lose", "1\n")):
        result = expect(bench, exe, mode, "verbose=1", 0, [PASSED])
        if result.stdout != count:
            raise runner.Failure("leakgc_scan counts %s" % result.stdout)


def test(bench):
    exe = bench.compile(PROGRAM)
    silent(expect(bench, exe, "", "", 0, []))
    silent(expect(bench, exe, "3", "", 3, []))
    silent(expect(bench, exe, "fork", "", 0, []))
    for depth in (1, 2, 3, 256):
        expect(bench, exe, "", "verbose=1:stack_depth=%d" % depth, 0, [PASSED])
    expect(bench, exe, "lose", "exitcode=5", 5, [])
    expect(bench, exe, "keep", "", 99, [KEPT])
    expect(bench, exe, "keep", "exitcode=5", 5, [KEPT])
    expect(bench, exe, "3 keep", "", 3, [KEPT])
    expect(bench, exe, "keep", "use_globals=0", 0, [])
    expect(bench, exe, "keep fork", "", 99, [KEPT])
    expect(bench, exe, "keep", "enabled=0", 0, [])
    expect(bench, bench.compile(OWN_MALLOC, "-O1 -fno-builtin", "own.c"), "", "", 99,
           ["selftest FAILED: the program's blocks are not checked"])
    expect(bench, bench.compile(TURNED_OFF, "-rdynamic", "off.c"), "", "", 99, ["selftest FAILED: there was no check"])
    check_totals(bench, exe)
    check_scans(bench, exe)
