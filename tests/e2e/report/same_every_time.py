# SPDX-License-Identifier: MIT
"""Two runs of one program give the same report, though addresses differ: records with equal bytes
stand in an order that does not depend on where the blocks lie."""

import reports
import runner

PROGRAM = """
#include <pthread.h>
#include <stdlib.h>

#define SITE(n) __attribute__((noinline)) static void site##n(void) { char *volatile p = malloc(48); p = NULL; }
SITE(1) SITE(2) SITE(3) SITE(4) SITE(5) SITE(6) SITE(7) SITE(8)

static void *work(void *p) { site5(); site6(); return p; }

int main(void)
{
    pthread_t thread[2];
    pthread_create(&thread[0], NULL, work, NULL);
    pthread_create(&thread[1], NULL, work, NULL);
    site1(); site2(); site3(); site4(); site7(); site8();
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
    return 0;
}
"""


def test(bench):
    exe = bench.compile(PROGRAM, "-O1 -g")
    texts = set()
    for _ in range(10):
        result = bench.run([exe])
        found, _ = reports.parse(result.stderr)
        if len(found) != 1 or found[0].amount("definite") != (480, 10) or found[0].faults():
            raise runner.Failure("wrong report", result.stderr)
        texts.add(reports.normalize(result.stderr, []))
    if len(texts) != 1:
        raise runner.Failure("%d different reports of the same program" % len(texts),
                             "\n-----\n".join(sorted(texts)))
