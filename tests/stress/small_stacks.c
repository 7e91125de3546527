// SPDX-License-Identifier: MIT
//
// Little stack is enough: malloc in threads with the least stack that the system grants, and in a
// handler on an alternative stack of 8 KiB (what SIGSTKSZ was for decades), with nothing written
// below it; and exit from there.
//
// ARGS: thread | handler | thread exit | handler exit

#include "stress.h"

#include <limits.h>
#include <signal.h>
#include <sys/mman.h>

enum { HANDLER_STACK = 8192, BELOW = 65536 };

static void use_heap(void)
{
    for (size_t i = 0; i < 200; i++) {
        char *p = malloc(i * 10 + 1);
        CHECK(p);
        p[0] = 1;
        p = realloc(p, i * 30 + 1);
        CHECK(p && p[0] == 1);
        free(p);
    }
    if (stress_has("exit"))
        exit(0);
}

static void *body(void *unused)
{
    use_heap();
    return unused;
}

static void on_signal(int signal)
{
    (void)signal;
    use_heap();
}

static void in_handler(void)
{
    /* A page without access below: an overflow must not go unseen. */
    size_t whole = HANDLER_STACK + BELOW;
    char *memory = mmap(NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    CHECK(!mprotect(memory + BELOW, HANDLER_STACK, PROT_READ | PROT_WRITE));
    stack_t alternative = {.ss_sp = memory + BELOW, .ss_size = HANDLER_STACK};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    CHECK(!sigaltstack(&alternative, NULL));
    CHECK(!sigaction(SIGUSR1, &action, NULL));
    for (int i = 0; i < 10; i++)
        raise(SIGUSR1);
}

static void in_threads(void)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    CHECK(!pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN));
    for (int i = 0; i < 20; i++) {
        pthread_t t;
        CHECK(!pthread_create(&t, &attr, body, NULL));
        CHECK(!pthread_join(t, NULL));
    }
}

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    if (stress_has("exit"))
        plant(); /* a stack recorded in the handler has one frame there */
    if (stress_has("handler"))
        in_handler();
    else
        in_threads();
    return stress_end();
}
