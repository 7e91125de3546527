/* SPDX-License-Identifier: MIT
 *
 * Owns the threads that help the one that scans (crew.h). While the program stands still its processors
 * are idle, and what has to be done is asking the kernel about a lot of memory.
 *
 * They are made by clone(2), as the thread that hires them (preload/ghost.c), live for one scan, share
 * its table of descriptors and its thread-local storage, block all signals, and only ask the kernel.
 * A part is claimed in a word that holds the number of the call and of the parts left; who is woken late
 * finds nothing left, or another call, and nobody waits for it.
 *
 * Runs in the thread of our own. */
#include "crew.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "../preload/arch.h"
#include "../preload/space.h"
#include "../preload/sys.h"

enum { CREW_MOST = 7, STACK_BYTES = 32 << 10, STACK_ALIGN = 64, POLL_NS = 1000000 };

static struct crew {
    uint32_t tid[CREW_MOST]; /* cleared by the kernel when the thread has ended */
    unsigned count;
    uint32_t turn; /* counts calls of crew_run; the threads wait for it to change */
    bool over;
    void (*work)(uint32_t part, void *arg);
    void *arg;
    uint64_t claim; /* turn << 32 | parts that nobody has claimed */
    uint32_t parts, done;
} crew;
static uint64_t cpu_ns; /* of threads that have ended */

static bool claim(uint32_t turn, uint32_t *ret_part)
{
    uint64_t now = __atomic_load_n(&crew.claim, __ATOMIC_ACQUIRE);
    do
        if (now >> 32 != turn || !(uint32_t)now)
            return false;
    while (!__atomic_compare_exchange_n(&crew.claim, &now, now - 1, true, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE));
    *ret_part = (uint32_t)now - 1;
    return true;
}

static void take_part(uint32_t turn)
{
    uint32_t part;
    while (claim(turn, &part)) {
        crew.work(part, crew.arg);
        uint32_t done = __atomic_add_fetch(&crew.done, 1, __ATOMIC_ACQ_REL);
        if (done == __atomic_load_n(&crew.parts, __ATOMIC_RELAXED))
            sys_futex_wake(&crew.done, 1);
    }
}

static int live(void *unused)
{
    (void)unused;
    uint32_t seen = 0;
    while (!__atomic_load_n(&crew.over, __ATOMIC_ACQUIRE)) {
        uint32_t turn = __atomic_load_n(&crew.turn, __ATOMIC_ACQUIRE);
        if (turn == seen)
            sys_futex_wait(&crew.turn, seen, 0);
        else
            take_part(turn);
        seen = turn;
    }
    __atomic_add_fetch(&cpu_ns, sys_cpu(), __ATOMIC_RELAXED);
    return 0;
}

uint64_t crew_cpu(void)
{
    return __atomic_load_n(&cpu_ns, __ATOMIC_RELAXED);
}

static unsigned processors(void)
{
    uint64_t set[16] = {0};
    unsigned count = 0;
    long bytes = arch_syscall(SYS_sched_getaffinity, 0, sizeof set, (long)set, 0, 0, 0);
    for (long i = 0; i < bytes / 8; i++)
        count += (unsigned)__builtin_popcountl(set[i]);
    return count;
}

unsigned crew_begin(unsigned threads)
{
    const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                      CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    unsigned most = processors();
    memset(&crew, 0, sizeof crew);
    while (crew.count < CREW_MOST && crew.count < threads && crew.count + 1 < most) {
        uintptr_t stack = (uintptr_t)scratch_alloc(STACK_BYTES);
        void *top = (void *)((stack + STACK_BYTES) & ~(uintptr_t)(STACK_ALIGN - 1));
        uint32_t *tid = &crew.tid[crew.count];
        if (!stack || clone(live, top, flags, NULL, tid, NULL, tid) < 0)
            break;
        crew.count++;
    }
    return crew.count;
}

void crew_run(void (*work)(uint32_t part, void *arg), void *arg, uint32_t parts)
{
    uint32_t turn = crew.turn + 1;
    crew.work = work;
    crew.arg = arg;
    crew.done = 0;
    __atomic_store_n(&crew.parts, parts, __ATOMIC_RELAXED);
    __atomic_store_n(&crew.claim, (uint64_t)turn << 32 | parts, __ATOMIC_RELEASE);
    __atomic_store_n(&crew.turn, turn, __ATOMIC_RELEASE);
    if (crew.count && parts > 1)
        sys_futex_wake(&crew.turn, (int)crew.count);
    take_part(turn);
    for (uint32_t done; (done = __atomic_load_n(&crew.done, __ATOMIC_ACQUIRE)) < parts;)
        sys_futex_wait(&crew.done, done, POLL_NS);
}

void crew_end(void)
{
    __atomic_store_n(&crew.over, true, __ATOMIC_RELEASE);
    __atomic_add_fetch(&crew.turn, 1, __ATOMIC_RELEASE);
    sys_futex_wake(&crew.turn, CREW_MOST);
    for (size_t i = 0; i < crew.count; i++)
        for (uint32_t tid; (tid = __atomic_load_n(&crew.tid[i], __ATOMIC_ACQUIRE));)
            sys_futex_wait_shared(&crew.tid[i], tid, POLL_NS);
    crew.count = 0;
}

bool crew_has(int tid)
{
    for (size_t i = 0; i < CREW_MOST; i++)
        if (__atomic_load_n(&crew.tid[i], __ATOMIC_ACQUIRE) == (uint32_t)tid)
            return true;
    return false;
}

void crew_after_fork(void)
{
    memset(&crew, 0, sizeof crew);
}
