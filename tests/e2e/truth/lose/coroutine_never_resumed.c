// SPDX-License-Identifier: MIT
//
// A coroutine has a block on its stack; the stack is unmapped while it is suspended.
//
// EXPECT: definite 111 1

#include "truth.h"

#include <sys/mman.h>
#include <ucontext.h>

static ucontext_t outside, inside;

static void body(void)
{
    void *volatile local = malloc(111);
    use(local);
    swapcontext(&inside, &outside);
    free(local);
}

static NOINLINE void lose(void)
{
    CHECK(getcontext(&inside) == 0);
    size_t size = 65536;
    inside.uc_stack.ss_sp =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    inside.uc_stack.ss_size = size;
    makecontext(&inside, body, 0);
    swapcontext(&outside, &inside);
    munmap(inside.uc_stack.ss_sp, size);
    memset(&inside, 0, sizeof inside);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
