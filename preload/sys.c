/* SPDX-License-Identifier: MIT
 *
 * Owns the system calls (sys.h). Each is one instruction behind a typed function, so that nothing
 * in the program's libc, and nothing that the program interposed, runs on our behalf.
 *
 * The two clock functions are the exception: they call libc's clock_gettime, which is the vDSO,
 * takes no lock and leaves errno alone. */
#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>

#include "arch.h"

enum { WRITE_PATIENCE_MS = 5000 };

#define CALL0(nr) arch_syscall(nr, 0, 0, 0, 0, 0, 0)
#define CALL1(nr, a) arch_syscall(nr, (long)(a), 0, 0, 0, 0, 0)
#define CALL2(nr, a, b) arch_syscall(nr, (long)(a), (long)(b), 0, 0, 0, 0)
#define CALL3(nr, a, b, c) arch_syscall(nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define CALL4(nr, a, b, c, d) arch_syscall(nr, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define CALL5(nr, a, b, c, d, e)                                                                   \
    arch_syscall(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define CALL6(nr, a, b, c, d, e, f)                                                                \
    arch_syscall(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

void *sys_reserve(size_t bytes)
{
    long r =
        CALL6(SYS_mmap, 0, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return r < 0 && r > -4096 ? NULL : (void *)r;
}

int sys_allow(void *begin, size_t bytes)
{
    return (int)CALL3(SYS_mprotect, begin, bytes, PROT_READ | PROT_WRITE);
}

int sys_discard(void *begin, size_t bytes)
{
    return (int)CALL3(SYS_madvise, begin, bytes, MADV_DONTNEED);
}

void sys_clear(void *begin, size_t bytes)
{
    const int dontneed_locked = 24; /* Linux 5.18; the build machine may not know it */
    if (sys_discard(begin, bytes) && CALL3(SYS_madvise, begin, bytes, dontneed_locked))
        memset(begin, 0, bytes);
}

int sys_huge(void *begin, size_t bytes)
{
    return (int)CALL3(SYS_madvise, begin, bytes, MADV_HUGEPAGE);
}

int sys_move(void *from, void *to, size_t bytes)
{
    const int flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
    long r = CALL6(SYS_mremap, from, bytes, bytes, flags, to, 0);
    return r < 0 && r > -4096 ? (int)r : 0;
}

static int map_at(void *begin, size_t bytes, int how)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    long r = CALL6(SYS_mmap, begin, bytes, PROT_READ | PROT_WRITE, flags | how, -1, 0);
    if (r < 0 && r > -4096)
        return (int)r;
    if (r == (long)begin)
        return 0;
    CALL2(SYS_munmap, r, bytes); /* a kernel that takes the address for a wish */
    return -EEXIST;
}

int sys_renew(void *begin, size_t bytes)
{
    return map_at(begin, bytes, MAP_FIXED);
}

int sys_fill(void *begin, size_t bytes)
{
    return map_at(begin, bytes, MAP_FIXED_NOREPLACE);
}

int sys_open(const char *path, int flags, int mode)
{
    return (int)CALL4(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
}

int sys_close(int fd)
{
    return (int)CALL1(SYS_close, fd);
}

ssize_t sys_read(int fd, void *buf, size_t bytes)
{
    ssize_t r;
    do
        r = CALL3(SYS_read, fd, buf, bytes);
    while (r == -EINTR);
    return r;
}

ssize_t sys_pread(int fd, void *buf, size_t bytes, off_t at)
{
    return CALL4(SYS_pread64, fd, buf, bytes, at);
}

/* Waits for an event through interruptions; 0 when the time is over. */
static int await(int fd, short event, unsigned timeout_ms)
{
    struct pollfd want = {.fd = fd, .events = event};
    uint64_t deadline = sys_now() + (uint64_t)timeout_ms * 1000000;
    for (;;) {
        uint64_t now = sys_now();
        long left = now < deadline ? (long)((deadline - now) / 1000000) : 0;
        int r = (int)CALL3(SYS_poll, &want, 1, left);
        if (r != -EINTR || !left)
            return r;
    }
}

int sys_write_all(int fd, const void *buf, size_t bytes)
{
    const char *p = buf;
    while (bytes > 0) {
        ssize_t r = CALL3(SYS_write, fd, p, bytes);
        if (r == -EINTR)
            continue;
        if (r == -EAGAIN && await(fd, POLLOUT, WRITE_PATIENCE_MS) > 0)
            continue; /* the program made the descriptor non-blocking */
        if (r <= 0)
            return r < 0 ? (int)r : -EIO;
        p += r;
        bytes -= (size_t)r;
    }
    return 0;
}

ssize_t sys_readlink(const char *path, char *buf, size_t bytes)
{
    return CALL4(SYS_readlinkat, AT_FDCWD, path, buf, bytes);
}

ssize_t sys_getdents(int fd, void *buf, size_t bytes)
{
    return CALL3(SYS_getdents64, fd, buf, bytes);
}

int sys_dup2(int from, int to)
{
    return (int)CALL3(SYS_dup3, from, to, 0);
}

int sys_fcntl(int fd, int cmd, long arg)
{
    return (int)CALL3(SYS_fcntl, fd, cmd, arg);
}

int sys_memfd(const char *name)
{
    return (int)CALL2(SYS_memfd_create, name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int sys_seal(int fd)
{
    return sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

int sys_pipe(int ret_fds[2], int flags)
{
    return (int)CALL2(SYS_pipe2, ret_fds, flags);
}

int sys_poll_in(int fd, unsigned timeout_ms)
{
    return await(fd, POLLIN, timeout_ms);
}

int sys_poll(struct pollfd *fds, size_t count, uint64_t timeout_ns)
{
    struct timespec ts = {.tv_sec = (time_t)(timeout_ns / 1000000000),
                          .tv_nsec = (long)(timeout_ns % 1000000000)};
    return (int)CALL5(SYS_ppoll, fds, count, &ts, NULL, 0);
}

long sys_ioctl(int fd, unsigned long request, void *arg)
{
    return CALL3(SYS_ioctl, fd, request, arg);
}

int sys_unlink(const char *path)
{
    return (int)CALL3(SYS_unlinkat, AT_FDCWD, path, 0);
}

int sys_rename(const char *from, const char *to)
{
    return (int)CALL4(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int sys_lstat(const char *path, struct stat *ret)
{
    return (int)CALL4(SYS_newfstatat, AT_FDCWD, path, ret, AT_SYMLINK_NOFOLLOW);
}

int sys_fstat(int fd, struct stat *ret)
{
    return (int)CALL2(SYS_fstat, fd, ret);
}

int sys_socket(void)
{
    return (int)CALL3(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int sys_fchmod(int fd, unsigned mode)
{
    return (int)CALL2(SYS_fchmod, fd, mode);
}

static int name_socket(long nr, int fd, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    if (n >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, n + 1);
    return (int)CALL3(nr, fd, &address, offsetof(struct sockaddr_un, sun_path) + n + 1);
}

int sys_bind(int fd, const char *path)
{
    return name_socket(SYS_bind, fd, path);
}

int sys_connect(int fd, const char *path)
{
    return name_socket(SYS_connect, fd, path);
}

int sys_listen(int fd, int backlog)
{
    return (int)CALL2(SYS_listen, fd, backlog);
}

int sys_accept(int fd)
{
    return (int)CALL4(SYS_accept4, fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int sys_peer(int fd, uint32_t *ret_user)
{
    struct ucred peer = {.uid = UINT32_MAX};
    socklen_t bytes = sizeof peer;
    int r = (int)CALL5(SYS_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes);
    *ret_user = peer.uid;
    return r;
}

ssize_t sys_send(int fd, const void *buf, size_t bytes)
{
    return CALL6(SYS_sendto, fd, buf, bytes, MSG_NOSIGNAL | MSG_DONTWAIT, NULL, 0);
}

ssize_t sys_send_with(int fd, const void *buf, size_t bytes, int passed)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
                            .cmsg_level = SOL_SOCKET,
                            .cmsg_type = SCM_RIGHTS}};
    struct iovec words = {.iov_base = (void *)(uintptr_t)buf, .iov_len = bytes};
    struct msghdr message = {.msg_iov = &words,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    memcpy(CMSG_DATA(&control.header), &passed, sizeof passed);
    return CALL3(SYS_sendmsg, fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int sys_getpid(void)
{
    return (int)CALL0(SYS_getpid);
}

int sys_gettid(void)
{
    return (int)CALL0(SYS_gettid);
}

uint32_t sys_geteuid(void)
{
    return (uint32_t)CALL0(SYS_geteuid);
}

int sys_wait(int pid, int *ret_status)
{
    long r;
    do
        r = CALL4(SYS_wait4, pid, ret_status, 0x40000000 /* __WALL */, 0);
    while (r == -EINTR);
    return (int)r;
}

int sys_has_ended(int pid)
{
    int status;
    return (int)CALL4(SYS_wait4, pid, &status, 0x40000000 /* __WALL */ | 1 /* WNOHANG */, 0);
}

int sys_copy_process(void)
{
    return (int)CALL6(SYS_clone, 0, 0, 0, 0, 0, 0);
}

void *sys_map_shared(size_t bytes)
{
    long r = CALL6(SYS_mmap, 0, bytes, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return r < 0 && r > -4096 ? NULL : (void *)r;
}

void sys_unmap(void *begin, size_t bytes)
{
    CALL2(SYS_munmap, begin, bytes);
}

void sys_die_with_parent(void)
{
    CALL2(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
}

void sys_close_all(int kept)
{
    long r = kept > 0 ? CALL3(SYS_close_range, 0, kept - 1, 0) : 0;
    r = r ? r : CALL3(SYS_close_range, kept + 1, ~0u, 0);
    for (int fd = 0; r && fd < 65536; fd++) /* before Linux 5.9 */
        if (fd != kept)
            sys_close(fd);
}

int sys_kill(int pid, int sig)
{
    return (int)CALL2(SYS_kill, pid, sig);
}

int sys_execve(const char *path, char *const argv[], char *const envp[])
{
    return (int)CALL3(SYS_execve, path, argv, envp);
}

int sys_sigmask(int how, const uint64_t *set, uint64_t *ret_old)
{
    return (int)CALL4(SYS_rt_sigprocmask, how, set, ret_old, sizeof *set);
}

uint64_t sys_signals_pending(void)
{
    uint64_t set = 0;
    CALL2(SYS_rt_sigpending, &set, sizeof set);
    return set;
}

int sys_signal_thread(int tid, int sig, void *value)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = sig;
    info.si_code = SI_QUEUE;
    info.si_pid = sys_getpid();
    info.si_value.sival_ptr = value;
    return (int)CALL4(SYS_rt_tgsigqueueinfo, info.si_pid, tid, sig, &info);
}

int sys_signalfd(uint64_t set)
{
    return (int)CALL4(SYS_signalfd4, -1, &set, sizeof set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void sys_take_pending(uint64_t set)
{
    struct timespec at_once = {0, 0};
    while (CALL4(SYS_rt_sigtimedwait, &set, NULL, &at_once, sizeof set) > 0)
        ;
}

uint64_t sys_pending(void)
{
    uint64_t set = 0;
    CALL2(SYS_rt_sigpending, &set, sizeof set);
    return set;
}

void sys_default_signals(void)
{
    struct { /* struct sigaction as the kernel has it: SIG_DFL */
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } standard = {0};
    for (int signal = 1; signal <= 64; signal++)
        CALL4(SYS_rt_sigaction, signal, &standard, NULL, sizeof standard.mask);
}

void sys_raise_limits(void)
{
    static const int kinds[] = {RLIMIT_STACK, RLIMIT_AS,     RLIMIT_DATA,
                                RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CPU};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY}; /* for the privileged */
        if (!CALL4(SYS_prlimit64, 0, kinds[i], &limit, NULL) ||
            CALL4(SYS_prlimit64, 0, kinds[i], NULL, &limit))
            continue;
        limit.rlim_cur = limit.rlim_max;
        CALL4(SYS_prlimit64, 0, kinds[i], &limit, NULL);
    }
}

int sys_sigaltstack(void *ret_old)
{
    return (int)CALL2(SYS_sigaltstack, NULL, ret_old);
}

_Noreturn void sys_exit(int status)
{
    for (;;)
        CALL1(SYS_exit_group, status);
}

void sys_yield(void)
{
    CALL0(SYS_sched_yield);
}

/* The other way, where a sandbox forbids process_vm_readv. */
static ssize_t peek_by_file(void *to, const void *from, size_t bytes)
{
    int fd = sys_open("/proc/thread-self/mem", O_RDONLY, 0);
    if (fd < 0)
        return fd;
    ssize_t n = sys_pread(fd, to, bytes, (off_t)(uintptr_t)from);
    sys_close(fd);
    return n;
}

ssize_t sys_peek(void *to, const void *from, size_t bytes)
{
    static bool forbidden;
    struct iovec local = {.iov_base = to, .iov_len = bytes};
    struct iovec remote = {.iov_base = (void *)(uintptr_t)from, .iov_len = bytes};
    ssize_t r = -EPERM;
    if (!forbidden)
        r = CALL6(SYS_process_vm_readv, sys_gettid(), &local, 1, &remote, 1, 0);
    if (r != -EPERM && r != -ENOSYS)
        return r;
    forbidden = true;
    return peek_by_file(to, from, bytes);
}

int sys_futex_wait(const uint32_t *word, uint32_t expected, uint64_t timeout_ns)
{
    struct timespec ts = {.tv_sec = (time_t)(timeout_ns / 1000000000),
                          .tv_nsec = (long)(timeout_ns % 1000000000)};
    return (int)CALL6(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout_ns ? &ts : NULL, 0, 0);
}

void sys_futex_wake(const uint32_t *word, int threads)
{
    CALL6(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, 0, 0, 0);
}

int sys_futex_wait_shared(const uint32_t *word, uint32_t expected, uint64_t timeout_ns)
{
    struct timespec ts = {.tv_sec = (time_t)(timeout_ns / 1000000000),
                          .tv_nsec = (long)(timeout_ns % 1000000000)};
    return (int)CALL6(SYS_futex, word, FUTEX_WAIT, expected, timeout_ns ? &ts : NULL, 0, 0);
}

void sys_futex_wake_shared(const uint32_t *word)
{
    CALL6(SYS_futex, word, FUTEX_WAKE, 1, 0, 0, 0);
}

static uint64_t read_clock(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t sys_now_coarse(void)
{
    return read_clock(CLOCK_MONOTONIC_COARSE);
}

uint64_t sys_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t sys_cpu(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t sys_unix_seconds(void)
{
    return read_clock(CLOCK_REALTIME) / 1000000000;
}
