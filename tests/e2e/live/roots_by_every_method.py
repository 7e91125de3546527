# SPDX-License-Identifier: MIT
"""Each way to scan a running program finds pointers in the same places: none is a leak while the place holds
it, each is when the place is cleared or its search is switched off."""

import os

import reports
import runner

PROGRAM = """
#include "livetest.h"

#include <asm/prctl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>

#ifdef LOSE
#define LOST 1
#else
#define LOST 0
#endif

enum { KEY_SECOND_LEVEL = 60 };
static ucontext_t back, coroutine[2];
static pthread_barrier_t ready;
struct { char one; void *pointer; } __attribute__((packed)) *packed;
uintptr_t tagged;

static NOINLINE void *give(size_t bytes)
{
    void *p = malloc(bytes);
    use(p);
    return LOST ? NULL : p;
}

static NOINLINE void to_kernel(void)
{
    int ends[2];
    timer_t timer;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = give(2001)};
    struct sigevent expiry = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct sigevent started = {.sigev_notify = SIGEV_THREAD};
    expiry.sigev_value.sival_ptr = give(2002);
    int epoll = epoll_create1(0);
    CHECK(pipe(ends) == 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    CHECK(timer_create(CLOCK_MONOTONIC, &expiry, &timer) == 0);
    CHECK(timer_create(CLOCK_MONOTONIC, &started, &timer) == 0); // libc's thread blocks all signals
}

static NOINLINE void to_thread(void)
{
    pthread_key_t key;
    for (int i = 0; i < KEY_SECOND_LEVEL; i++)
        CHECK(pthread_key_create(&key, NULL) == 0);
    CHECK(pthread_setspecific(key, give(2003)) == 0);
    char *block = malloc(70004);
    stack_t stack = {.ss_size = 1 << 16, .ss_sp = block + 1024, .ss_flags = LOST ? SS_DISABLE : 0};
    CHECK(sigaltstack(&stack, NULL) == 0);
    CHECK(syscall(SYS_arch_prctl, ARCH_SET_GS, give(2005)) == 0);
}

static void *wait_forever(void *unused)
{
    to_thread();
    clobber();
    pthread_barrier_wait(&ready);
    pause();
    return unused;
}

static void *end(void *unused)
{
    (void)unused;
    return give(2006);
}

static void suspend(int i, size_t bytes)
{
    void *volatile local = give(bytes);
    clobber(); // the whole stack of a coroutine counts
    swapcontext(&coroutine[i], &back);
    use(local);
}

static NOINLINE void start_coroutine(int i, void *stack)
{
    CHECK(getcontext(&coroutine[i]) == 0);
    coroutine[i].uc_stack.ss_sp = stack;
    coroutine[i].uc_stack.ss_size = 1 << 17;
    makecontext(&coroutine[i], (void (*)(void))suspend, 2, i, 2007);
    CHECK(swapcontext(&back, &coroutine[i]) == 0);
}

static NOINLINE void to_memory(void)
{
    enum { PAGE = 4096 };
    void **area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    area[7] = give(2009);
    area[3 * PAGE / 8] = give(2010);
    CHECK(mprotect(area, PAGE, PROT_READ) == 0 && mprotect(area + PAGE / 8, PAGE, PROT_NONE) == 0);
    packed = malloc(sizeof *packed);
    packed->pointer = give(2011);
    tagged = (uintptr_t)give(2012) | (uintptr_t)0x5a << 56;
}

int main(void)
{
    pthread_t thread;
    pthread_barrier_init(&ready, NULL, 2);
    to_kernel();
    CHECK(pthread_create(&thread, NULL, wait_forever, NULL) == 0);
    pthread_barrier_wait(&ready);
    start_coroutine(0, malloc(1 << 17));
    start_coroutine(1, mmap(NULL, 1 << 17, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    to_memory();
    CHECK(pthread_create(&thread, NULL, end, NULL) == 0);
#ifdef LOSE
    CHECK(pthread_join(thread, NULL) == 0);
#endif
    clobber();
    wait_scans(4);
    _exit(0);
}
"""

KERNEL = {2001, 2002}
THREAD = {2003, 70004, 2005}
OTHERS = {2006, 2007, 2009, 2010}
HIDDEN = {2011, 2012}
SEEN = "unaligned=1:pointer_mask=0x00ffffffffffffff"
RUNS = (
    ("", SEEN, set()),
    ("", SEEN + ":use_kernel=0", KERNEL),
    ("", "unaligned=1", {2012}),
    ("", "pointer_mask=0x00ffffffffffffff", {2011}),
    ("-DLOSE", SEEN, KERNEL | THREAD | OTHERS | HIDDEN),
)


def lost(bench, exe, options):
    log = os.path.join(bench.cwd, "scans")
    if os.path.exists(log):
        os.remove(log)
    result = bench.run([exe], {"LEAKGC_OPTIONS": "interval=20ms:min_age=0:scan_log=scans:" + options}, timeout=60)
    with open(log, encoding="utf-8") as file:
        text = file.read()
    found, others = reports.parse(result.stderr)
    if result.status != 0 or any(line.strip() for line in others) or "result=incomplete" in text:
        raise runner.Failure("status %d with %s" % (result.status, options), result.stderr + text)
    sizes = set()
    for report in found:
        for record in report.records:
            sizes.add(record.bytes // record.blocks)
    return sizes, result.stderr + text


def test(bench):
    for wanted in ("", "-DLOSE"):
        exe = bench.compile(PROGRAM, "-O1 -g " + wanted)
        for method in ("stop", "fork", "concurrent"):
            for flag, options, expected in RUNS:
                if flag != wanted:
                    continue
                sizes, text = lost(bench, exe, options + ":snapshot=" + method)
                if sizes != expected:
                    raise runner.Failure("%s %s %s: wrong are %s"
                                         % (method, flag, options, sorted(sizes ^ expected)), text)
                if " method=%s " % method not in text:
                    raise runner.Failure("the method was not " + method, text)
