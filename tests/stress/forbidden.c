// SPDX-License-Identifier: MIT
//
// A seccomp filter forbids one system call (its number and the error are arguments) while the
// program runs, to all its threads. Its output and its status stay what they are; and the report is
// right, or there is none, with a line that says so.
//
// DRIVER: hostile.py

#include "stress.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static void *wait_here(void *unused)
{
    void *volatile mine = malloc(50);
    CHECK(mine);
    for (;;)
        pause();
    return unused;
}

static void forbid(unsigned number, unsigned error)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {ARRAY_SIZE(filter), filter};
    CHECK(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program))
        SKIP("no seccomp here");
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    CHECK(argc >= 4);
    start(wait_here, NULL);
    usleep(20000);
    plant();
    forbid((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]));
    for (size_t i = 0; i < 1000; i++)
        free(malloc(i * 100));
    return 0;
}
