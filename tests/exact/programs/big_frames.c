// SPDX-License-Identifier: MIT
//
// Frames of more than 512 KiB and more than 4 MiB, on a thread with a large stack, between small
// ones: distances that don't fit in few bits; RBP saved far from the CFA.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer -fstack-clash-protection | clang -O2
// captures: 1000

#include "exact.h"

#include <pthread.h>

static volatile int sum;
static NOINLINE void any(int left);

#define FRAME(name, bytes)                                                                         \
    static NOINLINE void name(int left)                                                            \
    {                                                                                              \
        volatile char room[bytes];                                                                 \
        room[0] = 1;                                                                               \
        touch(10);                                                                                 \
        any(left - 1);                                                                             \
        room[bytes - 1] = 1;                                                                       \
        sum++;                                                                                     \
    }
FRAME(small, 40)
FRAME(of_32k, 32768)
FRAME(of_64k, 65536)
FRAME(of_512k, 524280)
FRAME(of_513k, 525312)
FRAME(of_1m, (1 << 20) + 8)
FRAME(of_5m, (5 << 20) + 16)
FRAME(of_17m, (17 << 20) + 24)

// void rbp_far(void (*)(int), int): RBP saved 320 KiB below the CFA, and made zero.
__asm__(".text\n.type rbp_far, @function\nrbp_far:\n.cfi_startproc\nsubq $327672, %rsp\n"
        ".cfi_adjust_cfa_offset 327672\nmovq %rbp, 16(%rsp)\n.cfi_rel_offset rbp, 16\n"
        "xorl %ebp, %ebp\nmovq %rdi, %rax\nmovl %esi, %edi\ncall *%rax\n"
        "movq 16(%rsp), %rbp\n.cfi_restore rbp\naddq $327672, %rsp\n"
        ".cfi_adjust_cfa_offset -327672\nret\n.cfi_endproc\n");
extern void rbp_far(void (*)(int), int);

static NOINLINE void by_rbp_far(int left)
{
    char room[left * 16 + 1]; // this frame needs RBP
    use(room);
    rbp_far(any, left - 1);
    use(room);
}

static NOINLINE void any(int left)
{
    static void (*const all[])(int) = {small, of_32k, of_64k, of_512k,   of_513k,
                                       of_1m, of_5m,  of_17m, by_rbp_far};
    if (left <= 0)
        touch_all(20);
    else
        all[rnd(9)](left);
    sum++;
}

static void *run(void *unused)
{
    for (int i = 0; i < 200; i++)
        any(1 + (int)rnd(6));
    return unused;
}

int main(void)
{
    pthread_attr_t large;
    pthread_t thread;
    pthread_attr_init(&large);
    CHECK(!pthread_attr_setstacksize(&large, 128 << 20));
    CHECK(!pthread_create(&thread, &large, run, NULL));
    pthread_join(thread, NULL);
    return 0;
}
