/* SPDX-License-Identifier: MIT
 *
 * Owns the stop of the world.
 *
 *   scanner                                   thread
 *   list /proc/self/task, signal each   ->    handler: leave registers in my struct stopped,
 *   wait until all have answered        <-      answered = 1, wake
 *   list again, until nobody is new
 *   ... scan ...
 *   current_stop = 0, wake all          ->    handler returns
 *
 * The struct of a thread travels with the signal (its value), so the handler searches nothing. A
 * thread that can't answer (it blocks the signal in a way that we do not see, or waits in the
 * kernel without being interruptible) is marked missed; its signal may arrive after the world runs
 * again, and is then ignored: which is why the handler stays installed.
 *
 * Our own thread (ghost.h) is left alone: nothing in it is the program's.
 *
 * Invariant I10: every thread is stopped with its registers, or missed.
 * Runs with the world stopped: system calls only. */
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "../preload/fmt.h"
#include "../preload/ghost.h"
#include "../preload/hooks_signal.h"
#include "../preload/real.h"
#include "../preload/space.h"
#include "../preload/sys.h"

enum { POLL_NS = 2000000 };

static uint32_t current_stop; /* 0: the world runs */
static uint32_t last_stop;

static bool is_mine(const struct stopped *s, uint32_t number)
{
    return space_is_ours((uintptr_t)s) && s->tid == sys_gettid() && s->number == number;
}

/* Two stops may follow so closely that a thread has not left the first: it must leave, to answer the
 * second. So stops have numbers. */
static void handler(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    struct stopped *s = info->si_value.sival_ptr;
    uint32_t number = __atomic_load_n(&current_stop, __ATOMIC_ACQUIRE);
    if (info->si_code != SI_QUEUE || !number || !is_mine(s, number))
        return;
    regs_from_context(context, &s->regs);
    s->control = (uintptr_t)pthread_self();
    __atomic_store_n(&s->answered, 1, __ATOMIC_RELEASE);
    sys_futex_wake(&s->answered, 1);
    while (__atomic_load_n(&current_stop, __ATOMIC_ACQUIRE) == number)
        sys_futex_wait(&current_stop, number, 0);
    regs_restart_call(context);
}

static bool install_handler(void)
{
    struct sigaction action = {.sa_sigaction = handler,
                               .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    return real()->sigaction(stop_signal(), &action, NULL) == 0;
}

static struct stopped *find(const struct stop *stop, int tid)
{
    struct stopped *s = stop->threads;
    while (s && s->tid != tid)
        s = s->next;
    return s;
}

/* Zombies (a main thread that called pthread_exit) and threads that have just ended never answer. */
static bool is_dead(int tid)
{
    char path[64], text[512];
    fmt(path, sizeof path, "/proc/self/task/%d/stat", tid);
    int fd = sys_open(path, O_RDONLY, 0);
    if (fd < 0)
        return true;
    ssize_t n = sys_read(fd, text, sizeof text - 1);
    sys_close(fd);
    while (n > 0 && text[n - 1] != ')') /* the state follows the last parenthesis of the name */
        n--;
    return n <= 0 || text[n + 1] == 'Z' || text[n + 1] == 'X';
}

/* Signals the thread unless that was done; true when it is new. */
static bool meet(struct stop *stop, int tid, bool *ret_no_memory)
{
    if (tid == sys_gettid() || tid == ghost_tid() || find(stop, tid))
        return false;
    struct stopped *s = scratch_alloc(sizeof *s);
    if (!s) {
        *ret_no_memory = true;
        return false;
    }
    s->tid = tid;
    s->number = last_stop;
    int error = stop->can_signal ? sys_signal_thread(tid, stop_signal(), s) : -EPERM;
    if (error == -ESRCH)
        return false;
    s->missed = error != 0; /* it can't be asked: no use waiting */
    stop->missed += s->missed;
    s->next = stop->threads;
    stop->threads = s;
    stop->count++;
    return true;
}

/* Calls visit for each thread of the process. */
static void each_thread(void (*visit)(int tid, void *arg), void *arg)
{
    char buf[4096] __attribute__((aligned(8)));
    int fd = sys_open("/proc/self/task", O_RDONLY | O_DIRECTORY, 0);
    ssize_t n;
    while (fd >= 0 && (n = sys_getdents(fd, buf, sizeof buf)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct sys_entry *e = (const void *)(buf + at);
            uint64_t tid;
            if (fmt_parse_u64(e->name, e->name + strlen(e->name), 10, &tid))
                visit((int)tid, arg);
            at += e->bytes;
        }
    if (fd >= 0)
        sys_close(fd);
}

struct meeting {
    struct stop *stop;
    int met;
    bool no_memory;
};

static void meet_one(int tid, void *arg)
{
    struct meeting *m = arg;
    m->met += meet(m->stop, tid, &m->no_memory);
}

/* Signals every thread not yet known; how many there were, or -1. */
static int meet_all(struct stop *stop)
{
    struct meeting m = {.stop = stop};
    each_thread(meet_one, &m);
    return m.no_memory ? -1 : m.met;
}

static void count_living(int tid, void *count)
{
    *(size_t *)count += tid != ghost_tid() && !is_dead(tid);
}

bool world_has_ended(void)
{
    size_t living = 0;
    if (!is_dead(sys_getpid())) /* the first thread, nearly always */
        return false;
    each_thread(count_living, &living);
    return living == 0;
}

static void await(struct stop *stop, struct stopped *s, uint64_t deadline)
{
    while (!__atomic_load_n(&s->answered, __ATOMIC_ACQUIRE)) {
        sys_futex_wait(&s->answered, 0, POLL_NS);
        if (__atomic_load_n(&s->answered, __ATOMIC_ACQUIRE))
            return;
        if (is_dead(s->tid) || s->tid == ghost_tid()) {
            s->answered = 2; /* nothing of it is left */
            return;
        }
        if (sys_now() > deadline) {
            s->missed = true;
            stop->missed++;
            return;
        }
    }
}

static void drop_dead(struct stop *stop)
{
    for (struct stopped **at = &stop->threads; *at;)
        if ((*at)->answered == 2) {
            *at = (*at)->next;
            stop->count--;
        } else {
            at = &(*at)->next;
        }
}

bool world_stop(struct stop *ret, unsigned timeout_ms)
{
    *ret = (struct stop){
        .process = sys_getpid(), .begun_ns = sys_now(), .can_signal = install_handler()};
    uint64_t deadline = ret->begun_ns + (uint64_t)timeout_ms * 1000000;
    last_stop += last_stop + 1 ? 1 : 2; /* never 0 */
    __atomic_store_n(&current_stop, last_stop, __ATOMIC_SEQ_CST);
    int met;
    while ((met = meet_all(ret)) > 0)
        for (struct stopped *s = ret->threads; s; s = s->next)
            if (!s->missed)
                await(ret, s, deadline);
    drop_dead(ret);
    if (met < 0)
        world_resume(ret);
    return met == 0;
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
