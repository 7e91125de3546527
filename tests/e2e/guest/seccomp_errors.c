// SPDX-License-Identifier: MIT
//
// A filter under which the system calls that a leak checker would like fail: it makes do without.
//
// CFLAGS: -O2 -DERROR=EPERM | -O2 -DERROR=ENOSYS
// LOG: allowed
// EXPECT: definite 109 1

#include "leaktest.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define FORBID(number)                                                                             \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),                                             \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ERROR)

static sem_t ready, never;

static void *work(void *unused)
{
    void *volatile local = malloc(110);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        continue;
    use(local);
    return unused;
}

static NOINLINE void lose(void)
{
    use(malloc(109));
}

int main(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        FORBID(SYS_process_vm_readv),
        FORBID(SYS_process_vm_writev),
        FORBID(SYS_userfaultfd),
        FORBID(SYS_memfd_create),
        FORBID(SYS_ptrace),
        FORBID(SYS_clone),
        FORBID(SYS_clone3),
#ifdef SYS_fork
        FORBID(SYS_fork),
        FORBID(SYS_vfork),
#endif
        FORBID(SYS_execve),
        FORBID(SYS_execveat),
        FORBID(SYS_mincore),
        FORBID(SYS_membarrier),
        FORBID(SYS_sched_getaffinity),
        FORBID(SYS_getrandom),
        FORBID(SYS_pipe2),
        FORBID(SYS_socket),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = ARRAY_SIZE(rules), .filter = rules};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    sem_wait(&ready);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
        SKIP("seccomp filters can't be set here");
    lose();
    return 0;
}
