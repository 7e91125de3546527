// SPDX-License-Identifier: MIT
//
// malloc in a handler on an alternate stack of the smallest size.
//
// EXPECT: nothing

#include "leaktest.h"

#include <signal.h>

static void handler(int number)
{
    (void)number;
    void *p = malloc(1000);
    use(p);
    free(p);
}

int main(void)
{
    size_t size = (size_t)sysconf(_SC_MINSIGSTKSZ) + 4096;
    stack_t stack = {.ss_size = size, .ss_sp = malloc(size)};
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    CHECK(sigaltstack(&stack, NULL) == 0);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    for (int i = 0; i < 100; i++)
        raise(SIGUSR1);
    stack.ss_flags = SS_DISABLE;
    void *memory = stack.ss_sp;
    CHECK(sigaltstack(&stack, NULL) == 0);
    free(memory);
    return 0;
}
