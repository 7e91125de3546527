// SPDX-License-Identifier: MIT
//
// exit is called on a coroutine's stack: main waits in its own frame, with the block.
//
// EXPECT: nothing
// KEPT: 1035 1

#include "truth.h"

#include <sys/mman.h>
#include <ucontext.h>

static ucontext_t outside, inside;

static NOINLINE void fill(void *volatile *place)
{
    *place = malloc(1035);
    FORGET(*place);
}

static void body(void)
{
    TRUTH_POINT();
    exit(0);
}

int main(void)
{
    void *volatile local[4] = {0};
    fill(&local[2]);
    FORGET(local[2]);
    clobber();
    CHECK(getcontext(&inside) == 0);
    inside.uc_stack.ss_sp =
        mmap(NULL, 262144, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    inside.uc_stack.ss_size = 262144;
    makecontext(&inside, body, 0);
    swapcontext(&outside, &inside);
    use((void *)local);
    return 1;
}
