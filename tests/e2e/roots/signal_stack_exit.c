// SPDX-License-Identifier: MIT
//
// exit() in a handler on an alternate stack: the interrupted frames of main are alive.
//
// EXPECT: nothing
// CONTROL: use_stacks=0:use_mapped=0 => definite 2019 2

#include "leaktest.h"

#include <signal.h>
#include <sys/mman.h>

static void handler(int number)
{
    void *volatile local = malloc(1009);
    (void)number;
    (void)local;
    exit(0);
}

int main(void)
{
    void *volatile local = malloc(1010);
    stack_t stack = {.ss_size = 1 << 18};
    stack.ss_sp =
        mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    CHECK(sigaltstack(&stack, NULL) == 0);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    raise(SIGUSR1);
    use(local);
    return 1;
}
