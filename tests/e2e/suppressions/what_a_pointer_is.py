# SPDX-License-Identifier: MIT
"""What a suppressed block reaches is decided as all else is: through pointers with a tag, at odd places, and not through
weak references; at the end and by each way to scan a running program."""

import reports
import runner

PROGRAM = """
#include "livetest.h"
#include <stdint.h>

struct block { char bytes[64]; };

static NOINLINE struct block *known(void)
{
    return calloc(1, sizeof(struct block));
}

static NOINLINE void lose(const char *way)
{
    int (*weak)(void **, void *, void *) = dlsym(RTLD_DEFAULT, "leakgc_weak_register");
    struct block *a = known();
    void *b = calloc(1, 100);
    uintptr_t word = (uintptr_t)b | (*way == 't' ? (uintptr_t)0xab << 56 : 0);
    memcpy(a->bytes + (*way == 'o' ? 3 : 8), &word, sizeof word);
    if (*way == 'w')
        CHECK(weak && weak((void **)(a->bytes + 8), NULL, NULL) == 0);
    memset(&word, 0, sizeof word);
    use(a);
    use(b);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    lose(argv[1]);
    clobber();
    if (*argv[2] == 'l')
        wait_scans(3);
    clobber();
    return 0;
}
"""


def test(bench):
    exe = bench.compile(PROGRAM, "-O0 -g")
    with open(bench.cwd + "/supp", "w", encoding="utf-8") as file:
        file.write("leak:known\n")
    mask = ":pointer_mask=0x00ffffffffffffff"
    for way, options, quiet in (("plain", "", True), ("tag", mask, True), ("tag", "", False),
                                ("odd", ":unaligned=1", True), ("odd", "", False), ("weak", "", False)):
        run(bench, exe, [way, "end"], options, quiet)
        for method in ("fork", "stop") + (("concurrent",) if way != "weak" else ()):
            run(bench, exe, [way, "live"], "%s:scan_log=scans:interval=50ms:min_age=0:snapshot=%s" % (options, method),
                quiet)


def run(bench, exe, arguments, options, quiet):
    open(bench.cwd + "/scans", "w", encoding="utf-8").close()
    result = bench.run([exe] + arguments, {"LEAKGC_OPTIONS": "suppressions=supp" + options}, timeout=40)
    found, _ = reports.parse(result.stderr)
    wanted = 0 if quiet else 1 + (arguments[1] == "live")
    if result.status != 0 or len(found) != wanted:
        raise runner.Failure("%s%s: %d reports" % (arguments, options, len(found)), result.stderr)
    for report in found:
        if report.amount("definite") != (100, 1) or report.amount("suppressed") != (64, 1):
            raise runner.Failure("%s%s" % (arguments, options), result.stderr)
