// SPDX-License-Identifier: MIT
//
// Functions that go on on another stack and lead back by RBP, RBX or an expression (odd_rules.S), with
// the other stack above and below, near and more than 4 GiB away; on threads too.
//
// flags: gcc -O0 | gcc -O2 | clang -O2 -fno-omit-frame-pointer
// captures: 3000

#include "exact.h"

#include <pthread.h>
#include <sys/mman.h>

typedef void callback(int);
typedef void through(callback *, int, void *);

// As in odd_rules.S, the RSP before the call in a register or on the new stack.
#define SWITCH(name, save, enter, leave, cfi_after)                                                \
    __asm__(".text\n.type " #name ", @function\n" #name ":\n.cfi_startproc\n" save enter           \
            "movq %rdi, %rax\nmovl %esi, %edi\ncall *%rax\n" leave cfi_after                       \
            "ret\n.cfi_endproc\n");                                                                \
    extern through name

SWITCH(by_rbp,
       "pushq %rbp\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset rbp, 0\n"
       "movq %rsp, %rbp\n.cfi_def_cfa_register rbp\n",
       "leaq -64(%rdx), %rsp\n", "leave\n", ".cfi_def_cfa rsp, 8\n");
SWITCH(by_r13,
       "pushq %r13\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset r13, 0\n"
       "movq %rsp, %r13\n.cfi_def_cfa_register r13\n",
       "leaq -32(%rdx), %rsp\n", "movq %r13, %rsp\n.cfi_def_cfa_register rsp\npopq %r13\n",
       ".cfi_def_cfa rsp, 8\n");
SWITCH(by_expression, "",
       "movq %rsp, -24(%rdx)\nleaq -32(%rdx), %rsp\n"
       ".cfi_escape 0x0f, 5, 0x77, 8, 6, 0x23, 8\n",
       "movq 8(%rsp), %rsp\n", ".cfi_def_cfa rsp, 8\n");

enum { AREA = 1 << 16, AREAS = 8 };
static through *const all[] = {by_rbp, by_r13, by_expression};
static __thread char *areas[AREAS];
static __thread unsigned in_use;
static volatile int sum;

static NOINLINE void next(int left)
{
    volatile char room[40];
    room[left & 31] = 1;
    touch((size_t)left + 1);
    unsigned area = rnd(AREAS);
    if (left && !(in_use >> area & 1)) {
        in_use |= 1u << area;
        all[rnd(3)](next, left - 1, areas[area] + AREA);
        in_use &= ~(1u << area);
    }
    touch_all(3);
    sum++;
}

static void *play(void *unused)
{
    char *high = mmap(NULL, AREA * 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(high != MAP_FAILED);
    for (int i = 0; i < AREAS; i++) {
        areas[i] = i < 4 ? high + i * AREA : i < 6 ? aligned_alloc(64, AREA) : NULL;
        if (!areas[i]) // low in the address space
            areas[i] = mmap((void *)(0x10000000ul + (unsigned long)i * AREA), AREA,
                            PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(areas[i] != MAP_FAILED);
    }
    for (int i = 0; i < 300; i++)
        next((int)rnd(8));
    free(areas[4]);
    free(areas[5]);
    return unused;
}

int main(void)
{
    pthread_t thread;
    play(NULL);
    CHECK(!pthread_create(&thread, NULL, play, NULL));
    pthread_join(thread, NULL);
    return 0;
}
