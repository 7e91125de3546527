// SPDX-License-Identifier: MIT
//
// A coroutine calls exit(): its own frames are alive, and so is main's, on the stack that it left.
//
// CFLAGS: -O0 -DFROM_MALLOC | -O2 -DFROM_MALLOC | -O0 -DFROM_MMAP | -O2 -DFROM_MMAP
// EXPECT: nothing
// CONTROL: -DLOSE => definite 2019 2

#include "leaktest.h"

#include <sys/mman.h>
#include <ucontext.h>

static ucontext_t main_context, coroutine;

static void body(void)
{
    void *volatile local = malloc(1009);
    (void)local;
#ifdef LOSE
    local = NULL;
#endif
    clobber();
    exit(0);
}

int main(void)
{
    size_t size = 1 << 18;
    void *volatile local = malloc(1010);
#ifdef LOSE
    local = NULL;
#endif
    clobber();
    CHECK(getcontext(&coroutine) == 0);
#ifdef FROM_MALLOC
    coroutine.uc_stack.ss_sp = malloc(size);
#else
    coroutine.uc_stack.ss_sp =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#endif
    coroutine.uc_stack.ss_size = size;
    coroutine.uc_link = &main_context;
    makecontext(&coroutine, body, 0);
    CHECK(swapcontext(&main_context, &coroutine) == 0);
    use(local);
    return 1;
}
