// SPDX-License-Identifier: MIT
//
// A program that catches its own stack overflow on an alternate stack, and goes on.
//
// CFLAGS: -O0
// EXPECT: nothing

#include "leaktest.h"

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;
static char stack_memory[1 << 16];

static void handler(int number)
{
    (void)number;
    siglongjmp(back, 1);
}

static NOINLINE int overflow(int n)
{
    volatile char room[10000];
    room[0] = (char)n;
    return n < 0 ? 0 : overflow(n + 1) + room[0];
}

int main(void)
{
    stack_t stack = {.ss_sp = stack_memory, .ss_size = sizeof stack_memory};
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    CHECK(sigaltstack(&stack, NULL) == 0);
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    for (volatile int i = 0; i < 5; i++) {
        if (sigsetjmp(back, 1) == 0) {
            overflow(0);
            CHECK(!"reached");
        }
        free(malloc(1000));
    }
    printf("five overflows survived\n");
    return 0;
}
