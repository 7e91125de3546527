/* SPDX-License-Identifier: MIT
 *
 * stop.h: the other threads stand still, with their registers and stack pointers known (I10), and
 * go on afterwards; one that can't answer is named. */
#include "../../scanner/stop.h"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "../../preload/space.h"
#include "../../preload/stop_signal.h"
#include "unit.h"

enum { THREADS = 6 };

static struct runner {
    pthread_t handle;
    int tid;
    uintptr_t local; /* an address on its stack */
    uint64_t count;
    bool deaf; /* blocks the signal */
} runners[THREADS];
static bool over;

static uint64_t load(uint64_t *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void *run(void *arg)
{
    struct runner *r = arg;
    if (r->deaf) {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, stop_signal());
        pthread_sigmask(SIG_BLOCK, &set, NULL);
    }
    r->local = (uintptr_t)&arg;
    __atomic_store_n(&r->tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) {
        __atomic_add_fetch(&r->count, 1, __ATOMIC_RELEASE);
        if (r == &runners[1])
            usleep(100); /* one in the kernel most of the time */
    }
    return NULL;
}

static void start(unsigned deaf)
{
    for (unsigned i = 0; i < THREADS; i++) {
        runners[i].deaf = i < deaf;
        REQUIRE(pthread_create(&runners[i].handle, NULL, run, &runners[i]) == 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        while (load(&runners[i].count) == 0)
            usleep(100);
}

static void finish(void)
{
    __atomic_store_n(&over, true, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(runners[i].handle, NULL);
}

static const struct stopped *find(const struct stop *stop, int tid)
{
    const struct stopped *s = stop->threads;
    while (s && s->tid != tid)
        s = s->next;
    return s;
}

START_TEST(everybody_stands_still)
{
    uint64_t before[THREADS], after[THREADS];
    struct stop stop;
    start(0);
    for (int round = 0; round < 20; round++) {
        ck_assert(world_stop(&stop, 5000));
        for (int i = 0; i < THREADS; i++)
            before[i] = load(&runners[i].count);
        usleep(3000);
        for (int i = 0; i < THREADS; i++)
            after[i] = load(&runners[i].count);
        world_resume(&stop);
        ck_assert_mem_eq(before, after, sizeof before);
        ck_assert_uint_eq(stop.count, THREADS);
        ck_assert_uint_eq(stop.missed, 0);
        for (int i = 0; i < THREADS; i++) {
            const struct stopped *s = find(&stop, runners[i].tid);
            ck_assert_ptr_nonnull(s);
            ck_assert_uint_eq(s->control, runners[i].handle);
            ck_assert_uint_gt(s->regs.sp, runners[i].local - 65536);
            ck_assert_uint_lt(s->regs.sp, runners[i].local + 65536);
            ck_assert_uint_ge(s->regs.count, 15); /* all but the stack pointer */
            ck_assert_uint_ge(s->regs.vectors, 1);
        }
        ck_assert_ptr_null(find(&stop, (int)syscall(SYS_gettid)));
        for (int i = 0; i < THREADS; i++) /* and they go on */
            while (load(&runners[i].count) == after[i])
                usleep(100);
        scratch_reset();
    }
    finish();
}
END_TEST

/* Two of them, and one that has never been: the others run on. */
START_TEST(some_stand_still)
{
    uint64_t before[THREADS], after[THREADS];
    struct stop stop;
    int all[100];
    start(0);
    ck_assert_uint_eq(world_threads(all, 100), THREADS);
    ck_assert_uint_eq(world_threads(all, 2), THREADS);
    for (int i = 0; i < THREADS; i++) {
        size_t found = 0;
        world_threads(all, 100);
        for (int k = 0; k < THREADS; k++)
            found += all[k] == runners[i].tid;
        ck_assert_uint_eq(found, 1);
    }
    const int some[] = {runners[0].tid, 1, runners[3].tid}; /* 1: no thread of this process */
    REQUIRE(world_stop_some(&stop, 1000, some, 3));
    for (unsigned i = 0; i < THREADS; i++)
        before[i] = load(&runners[i].count);
    for (unsigned i = 0; i < THREADS; i++)
        for (int ms = 0; ms < 20000; ms++) {
            after[i] = load(&runners[i].count);
            if (after[i] != before[i] || i == 0 || i == 3)
                break;
            usleep(1000);
        }
    usleep(100000);
    after[0] = load(&runners[0].count);
    after[3] = load(&runners[3].count);
    bool enough = find(&stop, runners[0].tid) && find(&stop, runners[3].tid);
    size_t count = stop.count, missed = stop.missed;
    world_resume(&stop);
    finish();
    ck_assert(enough);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(missed, 0);
    for (unsigned i = 0; i < THREADS; i++)
        if (i == 0 || i == 3)
            ck_assert_uint_eq(before[i], after[i]);
        else
            ck_assert_uint_lt(before[i], after[i]);
}
END_TEST

/* The kernel cuts its list short where a thread ends in that moment, and passes over all behind it. */
enum { SHORT_LIVES = 3, ROUNDS = 400 };

static void *live_shortly(void *arg)
{
    while (!__atomic_load_n(&runners[1].count, __ATOMIC_ACQUIRE))
        ;
    for (volatile uintptr_t i = 0; i < (uintptr_t)arg; i++)
        ;
    return NULL;
}

static bool is_stopped(int tid)
{
    struct stop stop;
    REQUIRE(world_stop(&stop, 5000));
    bool is = find(&stop, tid) != NULL;
    world_resume(&stop);
    scratch_reset();
    return is;
}

START_TEST(threads_that_end_hide_nobody)
{
    pthread_t ends[SHORT_LIVES];
    size_t overlooked = 0;
    unsigned seed = 1;
    for (int round = 0; round < ROUNDS; round++) {
        runners[1].count = 0;
        over = false;
        for (int i = 0; i < SHORT_LIVES; i++)
            REQUIRE(!pthread_create(&ends[i], NULL, live_shortly,
                                    (void *)(uintptr_t)((unsigned)rand_r(&seed) % 30000)));
        REQUIRE(!pthread_create(&runners[1].handle, NULL, run, &runners[1]));
        while (load(&runners[1].count) == 0)
            ;
        overlooked += !is_stopped(runners[1].tid);
        __atomic_store_n(&over, true, __ATOMIC_RELEASE);
        pthread_join(runners[1].handle, NULL);
        for (int i = 0; i < SHORT_LIVES; i++)
            pthread_join(ends[i], NULL);
    }
    ck_assert_uint_eq(overlooked, 0);
}
END_TEST

START_TEST(one_that_can_t_answer_is_missed)
{
    struct stop stop;
    start(1);
    ck_assert(world_stop(&stop, 2000));
    world_resume(&stop);
    ck_assert_uint_eq(stop.count, THREADS);
    ck_assert_uint_eq(stop.missed, 1);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(find(&stop, runners[i].tid)->missed, runners[i].deaf);
    finish();
}
END_TEST

START_TEST(alone)
{
    struct stop stop;
    ck_assert(world_stop(&stop, 1000));
    world_resume(&stop);
    ck_assert_uint_eq(stop.count, 0);
    ck_assert_uint_eq(stop.missed, 0);
}
END_TEST

START_TEST(without_memory_nobody_stays_stopped)
{
    struct stop stop;
    start(0);
    stub_allow_left = 0;
    ck_assert(!world_stop(&stop, 1000));
    stub_allow_left = -1;
    for (int i = 0; i < THREADS; i++) {
        uint64_t before = load(&runners[i].count);
        while (load(&runners[i].count) == before)
            usleep(100);
    }
    finish();
}
END_TEST

static bool is_in_vectors(const struct regs *r, uintptr_t value)
{
    for (size_t i = 0; i < r->vectors; i++)
        for (size_t j = 0; j < r->vector[i].count; j++)
            if (r->vector[i].word[j] == value)
                return true;
    return false;
}

/* A register of a stopped thread can be the only place of a pointer. */
static void *hold_in_register(void *arg)
{
    struct runner *r = arg;
    __atomic_store_n(&r->tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    __asm__ volatile("movabsq $0x1122334455667788, %%r12\n\t"
                     "movq %%r12, %%xmm13\n\t"
                     "xorq %%rax, %%rax\n"
                     "1:\tlock incq %0\n\t"
                     "cmpb $0, %1\n\t"
                     "je 1b\n\t"
                     : "+m"(r->count)
                     : "m"(over)
                     : "r12", "xmm13", "rax", "cc", "memory");
    return NULL;
}

START_TEST(registers)
{
    struct stop stop;
    struct runner *r = &runners[0];
    size_t general = 0;
    bool vector = false;
    ck_assert_int_eq(pthread_create(&r->handle, NULL, hold_in_register, r), 0);
    while (load(&r->count) == 0)
        usleep(100);
    ck_assert(world_stop(&stop, 5000));
    const struct stopped *s = find(&stop, r->tid);
    for (size_t i = 0; s && i < s->regs.count; i++)
        general += s->regs.general[i] == 0x1122334455667788;
    vector = s && is_in_vectors(&s->regs, 0x1122334455667788);
    world_resume(&stop);
    __atomic_store_n(&over, true, __ATOMIC_RELEASE);
    pthread_join(r->handle, NULL);
    ck_assert_uint_ge(general, 1);
    ck_assert(vector);
}
END_TEST

/* What lies between the registers in a signal frame is what the stack held before. */
static struct regs seen;
static bool seen_low, seen_high, seen_rest;
enum { XMM_AT = 160, UNUSED_AT = 416, HEADER_AT = 512 };

static void look_at_frame(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    ucontext_t *uc = context;
    uintptr_t *area = (uintptr_t *)(void *)uc->uc_mcontext.fpregs;
    area[UNUSED_AT / sizeof *area] = 0x3333333333333333;
    area[(XMM_AT - 8) / sizeof *area] = 0x4444444444444444; /* the last MM register */
    regs_from_context(context, &seen);
    seen_low = is_in_vectors(&seen, 0x1111111111111111) && is_in_vectors(&seen, 0x4444444444444444);
    seen_high = is_in_vectors(&seen, 0x2222222222222222);
    seen_rest = is_in_vectors(&seen, 0x3333333333333333) ||
                is_in_vectors(&seen, area[HEADER_AT / sizeof *area]);
    area[(XMM_AT - 8) / sizeof *area] = 0;
}

static void raise_with_low(void)
{
    __asm__ volatile("movabsq $0x1111111111111111, %%rax\n\t"
                     "movq %%rax, %%xmm13\n\t"
                     "movl %0, %%eax\n\t"
                     "movl %1, %%edi\n\t"
                     "movl %2, %%esi\n\t"
                     "syscall\n\t"
                     :
                     : "i"(SYS_tkill), "r"((int)syscall(SYS_gettid)), "i"(SIGUSR1)
                     : "rax", "rcx", "r11", "rdi", "rsi", "xmm13", "memory");
}

__attribute__((target("avx"))) static void raise_with_high(void)
{
    __asm__ volatile("movabsq $0x1111111111111111, %%rax\n\t"
                     "vmovq %%rax, %%xmm13\n\t"
                     "movabsq $0x2222222222222222, %%rax\n\t"
                     "vmovq %%rax, %%xmm14\n\t"
                     "vinsertf128 $1, %%xmm14, %%ymm13, %%ymm13\n\t"
                     "vpxor %%xmm14, %%xmm14, %%xmm14\n\t"
                     "movl %0, %%eax\n\t"
                     "movl %1, %%edi\n\t"
                     "movl %2, %%esi\n\t"
                     "syscall\n\t"
                     "vzeroupper"
                     :
                     : "i"(SYS_tkill), "r"((int)syscall(SYS_gettid)), "i"(SIGUSR1)
                     : "rax", "rcx", "r11", "rdi", "rsi", "xmm13", "xmm14", "memory");
}

START_TEST(only_registers)
{
    struct sigaction action = {.sa_sigaction = look_at_frame, .sa_flags = SA_SIGINFO};
    ck_assert_int_eq(sigaction(SIGUSR1, &action, NULL), 0);
    raise_with_low();
    ck_assert(seen_low && !seen_high && !seen_rest);
    regs_prepare();
    if (!__builtin_cpu_supports("avx"))
        return;
    raise_with_high();
    ck_assert(seen_low && seen_high && !seen_rest);
}
END_TEST

Suite *suite_stop(void)
{
    Suite *s = suite_create("stop");
    TCase *c = unit_case(s, "stop");
    tcase_add_checked_fixture(c, unit_space, NULL);
    tcase_add_test(c, everybody_stands_still);
    tcase_add_test(c, some_stand_still);
    tcase_add_test(c, threads_that_end_hide_nobody);
    tcase_add_test(c, one_that_can_t_answer_is_missed);
    tcase_add_test(c, alone);
    tcase_add_test(c, without_memory_nobody_stays_stopped);
    tcase_add_test(c, registers);
    tcase_add_test(c, only_registers);
    return s;
}
