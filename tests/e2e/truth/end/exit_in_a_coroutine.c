// SPDX-License-Identifier: MIT
//
// exit on a stack of the program's own.
//
// EXPECT: definite 214 1

#include "truth.h"

#include <sys/mman.h>
#include <ucontext.h>

static ucontext_t outside, inside;

static NOINLINE void lose(void)
{
    use(malloc(214));
}

static void body(void)
{
    lose();
    clobber();
    TRUTH_POINT();
    exit(0);
}

int main(void)
{
    CHECK(getcontext(&inside) == 0);
    inside.uc_stack.ss_sp =
        mmap(NULL, 262144, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    inside.uc_stack.ss_size = 262144;
    makecontext(&inside, body, 0);
    swapcontext(&outside, &inside);
    return 1;
}
