/* SPDX-License-Identifier: MIT
 *
 * Owns the stop of the world.
 *
 *   scanner                                   thread
 *   list /proc/self/task, signal each   ->    handler: leave registers in my struct stopped,
 *   wait until nobody is awaited        <-      one less is awaited; the last one wakes the scanner
 *   list again, until nobody is new             (each time until the list is whole)
 *   ... scan ...
 *   current_stop = 0, wake all          ->    handler returns
 *
 * The struct of a thread travels with the signal (its value), so the handler searches nothing. Who is
 * awaited is only counted: the scanner is not woken for each thread. A thread that can't answer (it
 * blocks the signal in a way that we do not see, or waits in the kernel without being interruptible)
 * is marked missed; its signal may arrive after the world runs again, and is then ignored: which is
 * why the handler stays installed.
 *
 * Threads that libc made for itself block all signals for good; they are known by how they wait
 * (resting.c), and count as stopped.
 *
 * Threads of our own (ghost.h, crew.h) are left alone: nothing in them is the program's.
 *
 * world_stop_some signals those that it is given, once, and lists nothing; the others run on.
 *
 * Invariant I10: every thread that is to be stopped is, with its registers, or missed.
 * Runs with the world stopped: system calls only. */
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/real.h"
#include "../preload/space.h"
#include "../preload/stop_signal.h"
#include "../preload/sys.h"
#include "../preload/thread.h"
#include "crew.h"
#include "resting.h"

enum { POLL_NS = 2000000, LISTS_MOST = 100 };

static uint32_t current_stop; /* 0: the world runs */
static uint32_t last_stop;
/* Threads that were signalled and did not answer yet, and one for the scanner. */
static uint32_t awaited;

static bool is_mine(const struct stopped *s, uint32_t number)
{
    return space_is_ours((uintptr_t)s) && s->tid == sys_gettid() && s->number == number;
}

/* Decides what the thread is: once, by its own hand or the scanner's. */
static bool settle(struct stopped *s, enum answer answer)
{
    uint32_t none = ANSWER_NONE;
    return __atomic_compare_exchange_n(&s->answer, &none, (uint32_t)answer, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

static void stand(struct stopped *s, uint32_t number, void *context)
{
    regs_from_context(context, &s->regs);
    s->control = (uintptr_t)pthread_self();
    s->entry = thread_self_or_null();
    s->since_ns = sys_now();
    __atomic_store_n(&s->answer, ANSWER_STANDS, __ATOMIC_RELAXED);
    if (!__atomic_sub_fetch(&awaited, 1, __ATOMIC_ACQ_REL))
        sys_futex_wake(&awaited, 1);
    while (__atomic_load_n(&current_stop, __ATOMIC_ACQUIRE) == number)
        sys_futex_wait(&current_stop, number, 0);
}

/* Of the program's signals that came meanwhile, and are let through when the handler returns. One that comes
 * after this look, in the few instructions that are left, can't be seen. */
static enum interruption interruption_by_program(const void *context)
{
    enum interruption all = INTERRUPTION_NONE;
    if (!regs_has_call(context))
        return all;
    uint64_t set = sys_signals_pending() & ~regs_blocked_signals(context);
    int error = errno;
    for (int signal = 1; set && all != INTERRUPTION_ENDS; signal++, set >>= 1) {
        struct sigaction action;
        if (!(set & 1) || signal == stop_signal() || real()->sigaction(signal, NULL, &action) ||
            action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)
            continue;
        all = action.sa_flags & SA_RESTART ? INTERRUPTION_RESTARTS : INTERRUPTION_ENDS;
    }
    errno = error;
    return all;
}

/* Two stops may follow so closely that a thread has not left the first: it must leave, to answer the
 * second. So stops have numbers. A signal that comes too late has interrupted a system call, too. */
static void handler(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    struct stopped *s = info->si_value.sival_ptr;
    uint32_t number = __atomic_load_n(&current_stop, __ATOMIC_ACQUIRE);
    if (info->si_code == SI_QUEUE && number && is_mine(s, number) && settle(s, ANSWER_COMING))
        stand(s, number, context);
    regs_restart_call(context, interruption_by_program(context));
}

static bool install_handler(void)
{
    stop_signal_handler = handler;
    struct sigaction action = {.sa_sigaction = handler,
                               .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    return real()->sigaction(stop_signal(), &action, NULL) == 0;
}

/* The kernel lists threads in the same order each time: nearly always it is the next one. */
static bool is_known(struct stop *stop, int tid)
{
    struct stopped *s = stop->next_known;
    if (!s || s->tid != tid)
        for (s = stop->threads; s && s->tid != tid;)
            s = s->next;
    if (s)
        stop->next_known = s->next;
    return s != NULL;
}

static void append(struct stop *stop, struct stopped *s)
{
    *(stop->last ? &stop->last->next : &stop->threads) = s;
    stop->last = s;
    stop->count++;
}

/* Zombies (a main thread that called pthread_exit) and threads that have just ended never answer. */
static bool is_dead(int tid, bool if_unknown)
{
    char path[64], text[512];
    fmt(path, sizeof path, "/proc/self/task/%d/stat", tid);
    int fd = sys_open(path, O_RDONLY, 0);
    if (fd < 0)
        return fd == -ENOENT || fd == -ESRCH || if_unknown; /* no descriptor may be left */
    ssize_t n = sys_read(fd, text, sizeof text - 1);
    sys_close(fd);
    if (n < 0 && n != -ESRCH)
        return if_unknown;
    while (n > 0 && text[n - 1] != ')') /* the state follows the last parenthesis of the name */
        n--;
    return n <= 0 || text[n + 1] == 'Z' || text[n + 1] == 'X';
}

static bool is_ours(int tid)
{
    return tid == ghost_tid() || crew_has(tid);
}

/* Threads that rest are not asked again by signal: it would wait there for ever, and so would we. */
enum { REMEMBERED = 8 };
static int rested[REMEMBERED];

static bool rests(struct stopped *s)
{
    uintptr_t sp;
    if (!resting_in_libc(s->tid, stop_signal(), &sp))
        return false;
    rested[(unsigned)s->tid % REMEMBERED] = s->tid;
    s->resting_sp = sp;
    return true;
}

static bool still_rests(struct stopped *s)
{
    return rested[(unsigned)s->tid % REMEMBERED] == s->tid && rests(s);
}

/* Signals the thread unless that was done; true when it is new. */
static bool meet(struct stop *stop, int tid, bool *ret_no_memory)
{
    if (tid == stop->caller || is_ours(tid) || is_known(stop, tid))
        return false;
    struct stopped *s = scratch_alloc(sizeof *s);
    if (!s) {
        *ret_no_memory = true;
        return false;
    }
    s->tid = tid;
    s->number = last_stop;
    if (still_rests(s)) {
        s->answer = ANSWER_RESTS;
        append(stop, s);
        return true;
    }
    regs_prepare();
    __atomic_add_fetch(&awaited, 1, __ATOMIC_RELAXED);
    int error = stop->can_signal ? sys_signal_thread(tid, stop_signal(), s) : -EPERM;
    if (error) { /* it has ended, or can't be asked: no use waiting */
        s->answer = error == -ESRCH ? ANSWER_DEAD : ANSWER_MISSED;
        __atomic_sub_fetch(&awaited, 1, __ATOMIC_RELAXED);
    }
    if (error == -ESRCH)
        return false;
    append(stop, s);
    return true;
}

/* The kernel ends its list where a thread ends in that moment, and passes over all that are behind it. It
 * counts threads apart from that, in the links of the directory. 0: it does not. */
static uint64_t count_threads(int fd)
{
    struct stat st;
    return sys_fstat(fd, &st) == 0 && st.st_nlink > 2 ? st.st_nlink - 2 : 0;
}

typedef void visitor(int tid, void *arg);

static uint64_t visit_all(int fd, visitor *visit, void *arg)
{
    char buf[4096] __attribute__((aligned(8)));
    uint64_t count = 0;
    for (ssize_t n; (n = sys_getdents(fd, buf, sizeof buf)) > 0;)
        for (ssize_t at = 0; at < n;) {
            const struct sys_entry *e = (const void *)(buf + at);
            uint64_t tid;
            if (fmt_parse_u64(e->name, e->name + strlen(e->name), 10, &tid)) {
                visit((int)tid, arg);
                count++;
            }
            at += e->bytes;
        }
    return count;
}

enum listing { LIST_CUT, LIST_WHOLE, LIST_UNREADABLE };

/* Calls visit for each thread of the process. */
static enum listing list_threads(visitor *visit, void *arg)
{
    int fd = sys_open("/proc/self/task", O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return LIST_UNREADABLE;
    uint64_t before = count_threads(fd);
    uint64_t listed = visit_all(fd, visit, arg);
    uint64_t after = count_threads(fd);
    sys_close(fd);
    return !after || (before == listed && listed == after) ? LIST_WHOLE : LIST_CUT;
}

/* The same until it is whole, so that visit may be called again for a thread that it has seen. Each list
 * that is cut costs a thread its life: many in a row are a kernel that counts otherwise. */
static enum listing each_thread(visitor *visit, void *arg)
{
    enum listing listing = LIST_CUT;
    for (int i = 0; i < LISTS_MOST && listing == LIST_CUT; i++)
        listing = list_threads(visit, arg);
    return listing;
}

struct meeting {
    struct stop *stop;
    int met;
    size_t listed;
    bool caller_is_listed;
    bool no_memory;
};

static void meet_one(int tid, void *arg)
{
    struct meeting *m = arg;
    m->listed++;
    m->caller_is_listed |= tid == m->stop->caller;
    m->met += meet(m->stop, tid, &m->no_memory);
}

/* Signals every thread not yet known; how many there were, or -1: no memory, or no list, or one of another pid
 * namespace, whose numbers are not those of the threads. Who is alone needs none. */
static int meet_all(struct stop *stop)
{
    struct meeting m = {.stop = stop};
    stop->next_known = stop->threads;
    bool readable = each_thread(meet_one, &m) != LIST_UNREADABLE;
    bool foreign = !m.caller_is_listed && m.listed > 1;
    return m.no_memory || !readable || foreign ? -1 : m.met;
}

struct census {
    size_t living;
    bool caller_is_listed; /* or it is among the living, by a number of another pid namespace */
};

static void count_living(int tid, void *arg)
{
    struct census *c = arg;
    c->caller_is_listed |= tid == sys_gettid();
    c->living += !is_ours(tid) && !is_dead(tid, true);
}

bool world_has_ended(void)
{
    struct census c = {0};
    if (!is_dead(sys_getpid(), true)) /* the first thread, nearly always */
        return false;
    enum listing listing = each_thread(count_living, &c);
    return listing == LIST_UNREADABLE || (listing == LIST_WHOLE && c.living == !c.caller_is_listed);
}

static void choose_living(int tid, void *ret_tid)
{
    if (!*(int *)ret_tid && !is_ours(tid) && !is_dead(tid, true))
        *(int *)ret_tid = tid;
}

int world_living_thread(void)
{
    int found = is_dead(sys_getpid(), true) ? 0 : sys_getpid();
    if (!found)
        each_thread(choose_living, &found);
    return found;
}

/* Of a thread that does not answer. Where it rests is written before that is said. */
static enum answer judge(struct stopped *s, bool is_late)
{
    if (is_dead(s->tid, false) || is_ours(s->tid))
        return ANSWER_DEAD;
    if (rests(s))
        return ANSWER_RESTS;
    return is_late ? ANSWER_MISSED : ANSWER_NONE;
}

/* Those that do not answer: dead and resting ones never will, the others are missed after the deadline. */
static void give_up_on(struct stop *stop, bool is_late)
{
    for (struct stopped *s = stop->threads; s; s = s->next) {
        if (__atomic_load_n(&s->answer, __ATOMIC_ACQUIRE) != ANSWER_NONE)
            continue;
        enum answer answer = judge(s, is_late);
        if (answer != ANSWER_NONE && settle(s, answer))
            __atomic_sub_fetch(&awaited, 1, __ATOMIC_RELAXED);
    }
}

static void await_all(struct stop *stop, uint64_t deadline)
{
    uint64_t look_at = sys_now() + POLL_NS;
    uint32_t left = __atomic_sub_fetch(&awaited, 1, __ATOMIC_ACQ_REL);
    for (; left; left = __atomic_load_n(&awaited, __ATOMIC_ACQUIRE)) {
        sys_futex_wait(&awaited, left, POLL_NS);
        uint64_t now = sys_now();
        if (now < look_at)
            continue;
        give_up_on(stop, now > deadline);
        look_at = now + POLL_NS;
    }
    __atomic_store_n(&awaited, 1, __ATOMIC_RELAXED);
}

static void drop_dead(struct stop *stop)
{
    for (struct stopped **at = &stop->threads; *at;) {
        if ((*at)->answer == ANSWER_DEAD) {
            *at = (*at)->next;
            stop->count--;
            continue;
        }
        if ((*at)->answer == ANSWER_RESTS)
            (*at)->regs.sp = (*at)->resting_sp;
        (*at)->missed = (*at)->answer == ANSWER_MISSED;
        stop->missed += (*at)->missed;
        at = &(*at)->next;
    }
}

static void begin(struct stop *ret)
{
    *ret = (struct stop){.process = sys_getpid(),
                         .caller = sys_gettid(),
                         .begun_ns = sys_now(),
                         .can_signal = install_handler()};
    awaited = 1;
    last_stop += last_stop + 1 ? 1 : 2; /* never 0 */
    __atomic_store_n(&current_stop, last_stop, __ATOMIC_SEQ_CST);
}

static bool settle_all(struct stop *ret, bool failed)
{
    drop_dead(ret);
    if (failed)
        world_resume(ret);
    return !failed;
}

bool world_stop(struct stop *ret, unsigned timeout_ms)
{
    begin(ret);
    uint64_t deadline = ret->begun_ns + (uint64_t)timeout_ms * 1000000;
    int met;
    do {
        met = meet_all(ret);
        await_all(ret, deadline);
    } while (met > 0);
    return settle_all(ret, met < 0);
}

bool world_stop_some(struct stop *ret, unsigned timeout_ms, const int *tid, size_t count)
{
    bool no_memory = false;
    begin(ret);
    for (size_t i = 0; i < count; i++)
        meet(ret, tid[i], &no_memory);
    await_all(ret, ret->begun_ns + (uint64_t)timeout_ms * 1000000);
    return settle_all(ret, no_memory);
}

struct list {
    int *tid;
    size_t count, most;
};

static void put(int tid, void *arg)
{
    struct list *l = arg;
    if (is_ours(tid) || tid == sys_gettid())
        return;
    if (l->count < l->most)
        l->tid[l->count] = tid;
    l->count++;
}

size_t world_threads(int *ret_tid, size_t most)
{
    struct list l = {.tid = ret_tid, .most = most};
    list_threads(put, &l);
    return l.count;
}

uint64_t world_stands_since(const struct stop *stop)
{
    uint64_t first = is_ours(stop->caller) ? UINT64_MAX : stop->begun_ns;
    for (const struct stopped *s = stop->threads; s; s = s->next)
        if (!s->missed && s->since_ns && s->since_ns < first)
            first = s->since_ns;
    return first;
}

void world_after_fork(void)
{
    current_stop = 0;
}

void world_resume(const struct stop *stop)
{
    (void)stop;
    __atomic_store_n(&current_stop, 0, __ATOMIC_SEQ_CST);
    sys_futex_wake(&current_stop, INT32_MAX);
}
