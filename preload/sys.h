/* SPDX-License-Identifier: MIT
 *
 * System calls made directly, without libc: no errno, no cancellation point, no lock, no
 * interposition by the program. Every function returns the kernel's result, or -errno.
 *
 * Runs in malloc, with the world stopped, in signal handlers: async-signal-safe throughout. */
#ifndef LEAKGC_SYS_H
#define LEAKGC_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { SYS_PAGE = 4096 };

/* What other files of the library see of the outside; all else is hidden. */
#define LEAKGC_EXPORT __attribute__((visibility("default")))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

struct pollfd;
struct stat;
struct timespec;

/* Address space. sys_reserve: [ret, ret + bytes) without access and without commit charge where
 * the kernel allows that; NULL on failure. */
void *sys_reserve(size_t bytes);
int sys_allow(void *begin, size_t bytes);   /* make a reserved range readable and writable */
int sys_discard(void *begin, size_t bytes); /* give pages back; they read as zero afterwards */
void sys_clear(void *begin, size_t bytes);  /* the same at any price: also where they are locked */
int sys_huge(void *begin, size_t bytes);    /* may be backed by huge pages */

/* Moves the pages of a private range to another one, in place of what is there; the first one stays
 * mapped, and reads as zero. On failure the second one may be unmapped. sys_renew: new zeroed memory
 * in place of what is there; sys_fill: only where nothing is. */
int sys_move(void *from, void *to, size_t bytes);
int sys_renew(void *begin, size_t bytes);
int sys_fill(void *begin, size_t bytes);

/* In a folder (struct linux_dirent64); the next one follows after so many bytes. */
struct sys_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t bytes;
    uint8_t type;
    char name[];
};

/* Files. sys_write_all writes everything, through short writes and EINTR; 0 or -errno. */
int sys_open(const char *path, int flags, int mode);
int sys_close(int fd);
ssize_t sys_read(int fd, void *buf, size_t bytes);
ssize_t sys_pread(int fd, void *buf, size_t bytes, off_t at);
int sys_write_all(int fd, const void *buf, size_t bytes);
ssize_t sys_readlink(const char *path, char *buf, size_t bytes);
ssize_t sys_getdents(int fd, void *buf, size_t bytes); /* of struct sys_entry */
int sys_dup2(int from, int to);
int sys_fcntl(int fd, int cmd, long arg);
int sys_memfd(const char *name);
int sys_seal(int fd); /* nobody can change the memory file any more */
int sys_pipe(int ret_fds[2], int flags);
int sys_poll_in(int fd, unsigned timeout_ms); /* > 0: there is something to read */
int sys_poll(struct pollfd *fds, size_t count, uint64_t timeout_ns); /* how many are ready */
long sys_ioctl(int fd, unsigned long request, void *arg);
int sys_unlink(const char *path);
int sys_rename(const char *from, const char *to);
int sys_lstat(const char *path, struct stat *ret); /* of a link itself */
int sys_fstat(int fd, struct stat *ret);

/* Local stream sockets, named by a path. None of these waits; what can't be done at once is -EAGAIN.
 * sys_peer: the user at the other end. */
int sys_socket(void);
int sys_fchmod(int fd, unsigned mode);
int sys_bind(int fd, const char *path);
int sys_connect(int fd, const char *path);
int sys_listen(int fd, int backlog);
int sys_accept(int fd);
int sys_peer(int fd, uint32_t *ret_user);
ssize_t sys_send(int fd, const void *buf, size_t bytes);
ssize_t sys_send_with(int fd, const void *buf, size_t bytes, int passed); /* and a descriptor */

/* Processes and threads. */
int sys_getpid(void);
int sys_gettid(void);
uint32_t sys_geteuid(void);
int sys_wait(int pid, int *ret_status);
int sys_has_ended(int pid); /* pid if it has, and is waited for; 0 not yet; -errno */
int sys_copy_process(void); /* fork without a word to libc, and no signal when the copy ends */
void *sys_map_shared(size_t bytes);
void sys_unmap(void *begin, size_t bytes);
void sys_die_with_parent(void);
void sys_close_all(int kept); /* every descriptor but that one; -1: all */
int sys_kill(int pid, int sig);
int sys_execve(const char *path, char *const argv[], char *const envp[]);
uint64_t sys_pending(void);          /* signals that wait: bit signal - 1 */
void sys_take_pending(uint64_t set); /* takes them away, unseen */
void sys_default_signals(void);      /* for a child about to execute: no handler, no SIG_IGN */
void sys_raise_limits(void);         /* likewise: soft limits up to the hard ones */
int sys_sigaltstack(void *ret_old);  /* a stack_t */
int sys_sigmask(int how, const uint64_t *set, uint64_t *ret_old);
/* Those that are blocked, of the thread and the process; a bit each, signal - 1. */
uint64_t sys_signals_pending(void);
int sys_signal_thread(int tid, int sig, void *value); /* of this process; queued, as by sigqueue */
int sys_signalfd(uint64_t set);
_Noreturn void sys_exit(int status);
void sys_yield(void);

/* Copies up to `bytes` from `from` in this process, which may be unmapped or unreadable: the
 * number of bytes copied (short at a hole), or -errno when nothing could be read. */
ssize_t sys_peek(void *to, const void *from, size_t bytes);

/* Futexes, private to the process. timeout_ns 0: for ever. */
int sys_futex_wait(const uint32_t *word, uint32_t expected, uint64_t timeout_ns);
void sys_futex_wake(const uint32_t *word, int threads);

/* The same for memory shared with a copy of the process. */
int sys_futex_wait_shared(const uint32_t *word, uint32_t expected, uint64_t timeout_ns);
void sys_futex_wake_shared(const uint32_t *word);

/* Nanoseconds of CLOCK_MONOTONIC, to a tick of the kernel (1 to 4 ms). */
uint64_t sys_now_coarse(void);
uint64_t sys_now(void);
uint64_t sys_unix_seconds(void);

/* Nanoseconds that the calling thread has been running. */
uint64_t sys_cpu(void);

#endif
