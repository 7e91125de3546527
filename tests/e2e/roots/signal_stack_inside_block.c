// SPDX-License-Identifier: MIT
//
// An alternate signal stack in the middle of a block, whose address only the kernel still has; a pointer in
// the block's head counts, too.
//
// CFLAGS: -O2 -DBY_EXIT | -O2 -DBY_THREAD
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// ORACLE: not any: they do not ask the kernel
// EXPECT: nothing
// CONTROL: use_stacks=0 => has definite 70000 1; indirect 1009 1
// CONTROL: -DDISABLED => definite 70000 1; indirect 1009 1

#include "leaktest.h"

#include <pthread.h>
#include <signal.h>

static pthread_barrier_t ready;

static NOINLINE void give_stack(void)
{
    void **block = malloc(70000);
    *block = malloc(1009);
    stack_t stack = {.ss_size = 1 << 16, .ss_sp = block + 64};
    CHECK(sigaltstack(&stack, NULL) == 0);
#ifdef DISABLED
    stack.ss_flags = SS_DISABLE;
    CHECK(sigaltstack(&stack, NULL) == 0);
#endif
}

static UNUSED void *work(void *unused)
{
    give_stack();
    clobber();
    pthread_barrier_wait(&ready);
    pause();
    return unused;
}

int main(void)
{
#ifdef BY_EXIT
    give_stack();
    puts("done");
#else
    pthread_t thread;
    pthread_barrier_init(&ready, NULL, 2);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    pthread_barrier_wait(&ready);
#endif
    return 0;
}
