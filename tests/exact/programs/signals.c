// SPDX-License-Identifier: MIT
//
// Handlers that allocate: on the thread's stack, on an alternate one, nested, raised in leaf
// functions, by bad instructions and bad addresses (the interrupted instruction, not a call, is in
// the stack), left by siglongjmp.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer | clang -O2
// captures: 3000

#include "exact.h"

#include <setjmp.h>
#include <signal.h>

static volatile int sum;
static sigjmp_buf back;
static int *volatile nowhere;

static NOINLINE void deep(int left)
{
    volatile char room[24];
    room[left & 15] = 1;
    if (left)
        deep(left - 1);
    else
        touch_all(5);
    sum++;
}

static void on_outer(int number)
{
    deep(number & 3);
    if (sum % 5 == 0)
        raise(SIGUSR2);
    touch(10);
}

static void on_inner(int number)
{
    touch((size_t)number);
    deep(2);
}

static void on_fault(int number)
{
    deep(number & 3);
    siglongjmp(back, 1);
}

static void on_trap(int number, siginfo_t *info, void *context)
{
    use(info);
    use(context);
    deep(number & 1);
}

static NOINLINE int leaf_fault(int n)
{
    return nowhere[n];
}

static NOINLINE void first_instruction(void)
{
    __asm__ volatile("ud2");
}

static NOINLINE void trap(void)
{
    __asm__ volatile("int3");
}

static NOINLINE void shifted(int n)
{
    volatile char room[n * 16 + 1];
    room[0] = 1;
    if (n % 4 == 0)
        raise(SIGUSR1);
    else if (n % 4 == 1)
        trap();
    else if (!sigsetjmp(back, 1)) {
        if (n % 4 == 2)
            sum += leaf_fault(n);
        else
            first_instruction();
    }
    touch(3);
    sum++;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    CHECK(!sigaction(number, &action, NULL));
}

static void play(int flags)
{
    handle(SIGUSR1, on_outer, flags);
    handle(SIGUSR2, on_inner, flags);
    handle(SIGSEGV, on_fault, flags | SA_NODEFER);
    handle(SIGILL, on_fault, flags | SA_NODEFER);
    handle(SIGTRAP, (void (*)(int))on_trap, flags | SA_SIGINFO);
    for (int i = 0; i < 200; i++)
        shifted((int)rnd(30));
}

int main(void)
{
    static char stack[1 << 16];
    play(0);
    stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
    CHECK(!sigaltstack(&other, NULL));
    play(SA_ONSTACK);
    play(0);
    return 0;
}
