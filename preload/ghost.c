/* SPDX-License-Identifier: MIT
 *
 * Owns the thread in which scans of a living program run.
 *
 * It is made by clone(2), not by pthread_create: libc would count it, so that a main thread that calls
 * pthread_exit never ends the process, would send it signals on setuid, and would allocate. What it
 * has of a thread's own is made by hand, in our memory:
 *
 *   | stack                      | static TLS: zero | control block: self pointers, tid, guards |
 *
 * The thread id is there because the loader's lock (dl_iterate_phdr) asks who holds it. Nothing else
 * of libc that keeps something for each thread may be called here: no stdio, no locale, no pthread
 * function, no dlopen; errno is zeroed TLS and works.
 *
 * It has a table of descriptors of its own, empty: so whatever it opens is not seen by the program,
 * never takes a number that the program counts on, and survives a program that closes everything; and
 * it keeps nothing of the program's open. For standard error it borrows the program's when it writes.
 * It blocks all signals, so none of the program's lands on it.
 *
 * It waits on a futex, or in poll when there are descriptors to wait for. Nobody else can reach its
 * descriptors to wake it, so it is woken by a signal, which stays blocked and makes a signalfd of its
 * own readable: no handler runs. The signal is one that libc keeps for itself and sends to single threads
 * only (SIGSETXID), so none of the program's is taken; told by si_code, libc's handler would ignore it.
 *
 *   thread of the program             ghost
 *   told |= bits                      polls = 1
 *   if polls: polls = 0, signal       if told: look at the descriptors, else wait for them
 *
 * Each writes before it reads: one of the two sees the other.
 *
 * Runs in ordinary context; ghost_start in malloc and in signal handlers too. */
#include "ghost.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "arch.h"
#include "control.h"
#include "fmt.h"
#include "lock.h"
#include "log.h"
#include "meta.h"
#include "sys.h"

enum { STACK_BYTES = 256 << 10, TLS_ALIGN = 64, POLL_NS = 1000000, DTV_WORDS = 16 };
enum { BELL_SIGNAL = 33 };

static char *memory;
static size_t memory_bytes;
static uint32_t started; /* 0 no, 1 yes */
static uint32_t told;    /* bits of ghost_tell */
static uint32_t polls;   /* 1: it is to be woken by the signal */
static int bell = -1;    /* the signalfd */
static uint32_t waiters;
static uint32_t forbidders;
static uint32_t tid; /* cleared by the kernel when the thread has ended */
static void (*life)(void);
static uintptr_t no_dtv[DTV_WORDS];
static int process;

bool ghost_init(void)
{
    memory_bytes = STACK_BYTES + libc_control.tls_bytes + 2 * TLS_ALIGN;
    process = sys_getpid();
    if (libc_control.tid_at && !memory)
        memory = meta_alloc(memory_bytes);
    return memory != NULL;
}

static uintptr_t control_address(void)
{
    uintptr_t end = (uintptr_t)memory + memory_bytes - libc_control.bytes;
    return end & ~(uintptr_t)(TLS_ALIGN - 1);
}

/* Guards are copied: code that was compiled with a stack protector reads them. */
static void make_control(void)
{
    enum { GUARDS_AT = 0x28, GUARDS_BYTES = 16, SELF_AT = 16, DTV_AT = 8 };
    uintptr_t at = control_address();
    uintptr_t tls = at + libc_control.bytes - libc_control.tls_bytes;
    memset((void *)tls, 0, libc_control.tls_bytes);
    *(uintptr_t *)at = at;
    *(uintptr_t *)(at + DTV_AT) = (uintptr_t)&no_dtv[2];
    *(uintptr_t *)(at + SELF_AT) = at;
    memcpy((void *)(at + GUARDS_AT), (const char *)__builtin_thread_pointer() + GUARDS_AT,
           GUARDS_BYTES);
}

static int run(void *unused)
{
    (void)unused;
    *(int *)(control_address() + libc_control.tid_at) = sys_gettid();
    arch_syscall(SYS_prctl, PR_SET_NAME, (long)"leakgc", 0, 0, 0, 0);
    sys_close_all(log_descriptor());
    bell = -1;
    life();
    __atomic_store_n(&started, 0, __ATOMIC_SEQ_CST);
    return 0;
}

bool ghost_start(void (*wanted)(void))
{
    const int flags = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                      CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    uint32_t no = 0;
    uint64_t all = ~(uint64_t)0;
    uint64_t old;
    if (!memory || sys_getpid() != process)
        return false; /* the memory of a parent that waits in vfork */
    if (!__atomic_compare_exchange_n(&started, &no, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return true;
    if (__atomic_load_n(&tid, __ATOMIC_SEQ_CST)) { /* the last one is about to leave the memory */
        __atomic_store_n(&started, 0, __ATOMIC_SEQ_CST);
        return false;
    }
    int saved = errno;
    life = wanted;
    sys_sigmask(SIG_SETMASK, &all, &old);
    make_control();
    char *stack = (char *)((uintptr_t)memory + STACK_BYTES);
    int r = clone(run, (void *)((uintptr_t)stack & ~(uintptr_t)63), flags, NULL, &tid,
                  (void *)control_address(), &tid);
    sys_sigmask(SIG_SETMASK, &old, NULL);
    errno = saved;
    if (r < 0)
        __atomic_store_n(&started, 0, __ATOMIC_SEQ_CST);
    return r >= 0;
}

int ghost_tid(void)
{
    return (int)__atomic_load_n(&tid, __ATOMIC_SEQ_CST);
}

void ghost_tell(uint32_t bits)
{
    __atomic_or_fetch(&told, bits, __ATOMIC_SEQ_CST);
    sys_futex_wake(&told, 1);
    if (__atomic_load_n(&polls, __ATOMIC_SEQ_CST) && sys_getpid() == process &&
        __atomic_exchange_n(&polls, 0, __ATOMIC_SEQ_CST) && ghost_tid())
        sys_signal_thread(ghost_tid(), BELL_SIGNAL, NULL);
}

bool ghost_can_poll(void)
{
    if (bell < 0)
        bell = sys_signalfd((uint64_t)1 << (BELL_SIGNAL - 1));
    return bell >= 0;
}

/* False: the system does not let it. */
static bool await_descriptors(uint64_t timeout_ns, struct pollfd *fds, size_t count)
{
    char taken[4 * 128]; /* struct signalfd_siginfo */
    fds[0] = (struct pollfd){.fd = bell, .events = POLLIN};
    for (size_t i = 0; i < count; i++)
        fds[i].revents = 0;
    __atomic_store_n(&polls, 1, __ATOMIC_SEQ_CST);
    bool at_once = __atomic_load_n(&told, __ATOMIC_SEQ_CST);
    int r = sys_poll(fds, count, at_once ? 0 : timeout_ns);
    __atomic_store_n(&polls, 0, __ATOMIC_SEQ_CST);
    if (r > 0 && fds[0].revents)
        sys_read(bell, taken, sizeof taken);
    return r >= 0 || r == -EINTR;
}

uint32_t ghost_listen(uint64_t timeout_ns, struct pollfd *fds, size_t count)
{
    if (!count || !await_descriptors(timeout_ns, fds, count))
        sys_futex_wait(&told, 0, timeout_ns);
    return __atomic_exchange_n(&told, 0, __ATOMIC_SEQ_CST);
}

bool ghost_nap(uint64_t ns)
{
    sys_futex_wait(&told, __atomic_load_n(&told, __ATOMIC_SEQ_CST), ns);
    return __atomic_load_n(&told, __ATOMIC_SEQ_CST) & GHOST_END;
}

void ghost_hurry_begin(void)
{
    __atomic_add_fetch(&waiters, 1, __ATOMIC_SEQ_CST);
}

void ghost_hurry_end(void)
{
    __atomic_sub_fetch(&waiters, 1, __ATOMIC_SEQ_CST);
}

bool ghost_is_hurried(void)
{
    return __atomic_load_n(&waiters, __ATOMIC_RELAXED) != 0;
}

void ghost_forbid_stops(void)
{
    __atomic_add_fetch(&forbidders, 1, __ATOMIC_SEQ_CST);
    if (!lock_held) { /* a scan holds this lock from before the stop until after it */
        lock_take(LOCK_THREADS);
        lock_release(LOCK_THREADS);
    }
}

void ghost_allow_stops(void)
{
    __atomic_sub_fetch(&forbidders, 1, __ATOMIC_SEQ_CST);
}

bool ghost_may_stop(void)
{
    return !__atomic_load_n(&forbidders, __ATOMIC_SEQ_CST);
}

void ghost_await_stops(unsigned timeout_ms)
{
    uint32_t now = __atomic_load_n(&forbidders, __ATOMIC_SEQ_CST);
    if (now)
        sys_futex_wait(&forbidders, now, (uint64_t)timeout_ms * 1000000);
}

bool ghost_is_of_this_process(void)
{
    return memory && sys_getpid() == process;
}

bool ghost_end(unsigned timeout_ms)
{
    if (!ghost_tid())
        return true;
    ghost_hurry_begin();
    ghost_tell(GHOST_END);
    for (unsigned i = 0; i < timeout_ms && ghost_tid(); i++)
        sys_futex_wait(&tid, (uint32_t)ghost_tid(), POLL_NS);
    ghost_hurry_end();
    return !ghost_tid();
}

/* Through the process's first thread; where a sandbox forbids that, by name, which serves all but
 * sockets. */
int ghost_borrow(int fd)
{
    char path[64];
    long pidfd = arch_syscall(SYS_pidfd_open, sys_getpid(), 0, 0, 0, 0, 0);
    long r = pidfd < 0 ? pidfd : arch_syscall(SYS_pidfd_getfd, pidfd, fd, 0, 0, 0, 0);
    if (pidfd >= 0)
        sys_close((int)pidfd);
    if (r >= 0)
        return (int)r;
    fmt(path, sizeof path, "/proc/self/fd/%d", fd);
    return sys_open(path, O_WRONLY | O_APPEND | O_NOCTTY, 0);
}

void ghost_is_me(void)
{
    tid = (uint32_t)sys_gettid();
}

void ghost_after_fork(void)
{
    process = sys_getpid();
    started = tid = told = polls = waiters = forbidders = 0;
}
