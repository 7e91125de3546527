# SPDX-License-Identifier: MIT
"""A partial scan finds what is lost while it is young, and takes nothing for lost that is reachable.

What is lost later the next full scan finds, and the partial ones after that know it.
"""

import os
import re

import runner

PROGRAM = """
#include "livetest.h"

#include <pthread.h>
#include <sys/mman.h>

void __lsan_ignore_object(const void *) __attribute__((weak));

enum { HOLDERS = 10, PAGE = 4096, MAPPED = 4 << 20 };
static void **holder[HOLDERS]; // blocks that were reachable at the full scan, each on a page of its own
static void **mapped, **in_place, **large_in_place, **moved, **ignored;
static char *old_slot, *middle;
static uintptr_t lost_again;

static NOINLINE void prepare(void)
{
    for (int i = 0; i < HOLDERS; i++)
        holder[i] = calloc(1, PAGE);
    mapped = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(mapped, 1, MAPPED);
    holder[0][0] = malloc(40); // resized in place: no pointer to them is written
    holder[1][0] = malloc(300000);
    holder[2][0] = calloc(1, 3000000);
    holder[3][0] = malloc(7000); // will be lost
    old_slot = malloc(600);
    ignored = calloc(1, 80);
}

static NOINLINE void lose_what_is_old(void)
{
    holder[3][0] = NULL;
}

static NOINLINE void lose_what_is_young(void)
{
    use(malloc(1000));
    void **head = malloc(1100);
    *head = malloc(1200);
    use(head);
    char *before = old_slot;
    free(old_slot);
    old_slot = malloc(600); // in a slot whose block was reachable
    CHECK(old_slot == before);
    old_slot = NULL;
}

static NOINLINE void *hold_on_stack(void *ready)
{
    void *volatile mine = malloc(1300);
    pthread_barrier_wait(ready);
    pause();
    return mine;
}

// Whatever is allocated here has its only pointer where a scan has to look again.
static NOINLINE void keep_what_is_young(void)
{
    int ends[2];
    pthread_t thread;
    static pthread_barrier_t ready;
    void **first = holder[4];
    for (int i = 0; i < 500; i++) { // a list that hangs on an old block
        *first = calloc(1, 16 + i % 100 * 16);
        first = *first;
    }
    CHECK(realloc(holder[0][0], 44) == holder[0][0]);
    CHECK(realloc(holder[1][0], 290000) == holder[1][0]);
    void **grown = realloc(holder[2][0], 9000000);
    holder[2][0] = grown;
    grown[1000000] = malloc(1400);
    mapped[MAPPED / 16] = malloc(1500);
    void *p = malloc(1600);
    CHECK(pipe(ends) == 0 && write(ends[1], &p, sizeof p) == sizeof p);
    p = NULL;
    CHECK(read(ends[0], &holder[5][100], sizeof p) == sizeof p); // the kernel writes it
    holder[6][50] = (char *)malloc(1700) + 100; // possible
    pthread_barrier_init(&ready, NULL, 2);
    CHECK(pthread_create(&thread, NULL, hold_on_stack, &ready) == 0);
    pthread_barrier_wait(&ready);
    lost_again = hidden_malloc(1800);
}

static NOINLINE void keep_what_is_ignored(void)
{
    void **p = ignored;
    ignored = NULL;
    *p = malloc(1900);
    if (__lsan_ignore_object)
        __lsan_ignore_object(p);
    use(p);
}

static NOINLINE void find_again(void)
{
    holder[7][0] = reveal(lost_again);
}

int main(void)
{
    prepare();
    wait_scans(2);
    keep_what_is_young();
    keep_what_is_ignored();
    lose_what_is_young();
    lose_what_is_old();
    clobber();
    wait_scans(3);
    find_again();
    clobber();
    wait_scans(12);
    return 0;
}
"""

YOUNG = {1000, 1100, 1200, 600}
HIDDEN = {1800}
OLD = {7000}


def run(bench, exe, full_each):
    log = os.path.join(bench.cwd, "scans")
    if os.path.exists(log):
        os.remove(log)
    options = "interval=30ms:scan_log=scans:min_age=0:snapshot=concurrent:max_pause=1s:full_each=%d" % full_each
    result = bench.run([exe], {"LEAKGC_OPTIONS": options}, timeout=60)
    if result.status != 0:
        raise runner.Failure("status %d" % result.status, result.stderr)
    with open(log, encoding="utf-8") as file:
        lines = [line for line in file if " cause=interval " in line and " result=ok " in line]
    if any(" method=concurrent " not in line for line in lines):
        raise runner.Failure("scans by another method", "".join(lines))
    return lines, result.stderr


def scans(bench, exe, full_each):
    """Of each scan by interval: whether it was partial, bytes and blocks lost; and what was reported. Where a thread was
    slow to answer, the scan is tried again, as a full one: such a run is made again, but not for ever."""
    for _ in range(5):
        lines, said = run(bench, exe, full_each)
        if all(" tries=0 " in line for line in lines):
            break
    found = [re.search(r" lost_bytes=(\d+) lost_blocks=(\d+) .* scope=(\w+) ", line).groups() for line in lines]
    return [(scope == "partial", int(lost), int(blocks)) for lost, blocks, scope in found], said


def expect(found, wanted, what):
    if found[1:] != (sum(wanted), len(wanted)):
        raise runner.Failure("%s: %s, not %s" % (what, found, sorted(wanted)))


def test(bench):
    exe = bench.compile(PROGRAM, flags="-O1 -g -pthread")
    only, said = scans(bench, exe, 1000)
    if len(only) < 16 or [partial for partial, _, _ in only].count(False) != 1 or only[0][0]:
        raise runner.Failure("not one full scan, first", str(only))
    expect(only[1], set(), "before")
    expect(only[-1], YOUNG, "partial scans only")
    if (True, sum(YOUNG | HIDDEN), len(YOUNG | HIDDEN)) not in only:
        raise runner.Failure("a block that comes back was not lost", str(only))
    if not re.search(r"\b1,?000 bytes? in 1 ", said) and "1000 byte" not in said:
        raise runner.Failure("it was not reported", said)

    always, _ = scans(bench, exe, 1)
    if any(partial for partial, _, _ in always):
        raise runner.Failure("a partial scan", str(always))
    expect(always[-1], YOUNG | OLD, "full scans only")

    mixed, _ = scans(bench, exe, 5)
    kinds = [partial for partial, _, _ in mixed]
    if kinds != [number % 5 != 0 for number in range(len(kinds))]:
        raise runner.Failure("not each fifth scan is full", str(mixed))
    first = next(number for number, scan in enumerate(mixed) if scan[1] >= sum(OLD))
    if mixed[first][0]:
        raise runner.Failure("a partial scan found what was lost late", str(mixed))
    expect(mixed[-1], YOUNG | OLD, "one in five is full")
    if not any(scan[0] and scan[1:] == (sum(YOUNG | OLD), len(YOUNG | OLD)) for scan in mixed[first + 1:]):
        raise runner.Failure("partial scans forget what a full one found", str(mixed))
