// SPDX-License-Identifier: MIT
//
// The frame of a suspended coroutine, its stack in mapped memory.
//
// EXPECT: nothing
// KEPT: 1033 1

#include "truth.h"

#include <sys/mman.h>
#include <ucontext.h>

static ucontext_t outside, inside;

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1033);
    FORGET(*place);
}

static void body(void)
{
    void *volatile local[4] = {0};
    fill(&local[1]);
    clobber();
    swapcontext(&inside, &outside);
    use((void *)local);
}

int main(void)
{
    CHECK(getcontext(&inside) == 0);
    inside.uc_stack.ss_sp =
        mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    inside.uc_stack.ss_size = 65536;
    makecontext(&inside, body, 0);
    CHECK(swapcontext(&outside, &inside) == 0);
    TRUTH_POINT();
    return 0;
}
