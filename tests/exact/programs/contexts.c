// SPDX-License-Identifier: MIT
//
// Coroutines by makecontext and swapcontext, on stacks that are mapped, allocated, freed, and
// allocated again with another size at the same address; also on threads.
//
// flags: gcc -O0 | gcc -O2 | clang -O2 -fno-omit-frame-pointer
// captures: 4000

#include "exact.h"

#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

struct coroutine {
    ucontext_t own, caller;
    int height;
};

static volatile int sum;

static void yield(struct coroutine *c)
{
    CHECK(!swapcontext(&c->own, &c->caller));
}

static NOINLINE void deep(struct coroutine *c, int left)
{
    volatile char room[40];
    room[left & 31] = 1;
    touch((size_t)left + 1);
    if (left)
        deep(c, left - 1);
    else
        yield(c);
    touch_all(4);
    sum++;
}

static NOINLINE void other(struct coroutine *c, int left)
{
    volatile char room[40];
    room[left & 31] = 1;
    touch((size_t)left + 1);
    if (left)
        deep(c, left - 1);
    else
        yield(c);
    touch_all(4);
    sum--;
}

static void body(unsigned low, unsigned high)
{
    struct coroutine *c = (void *)((uintptr_t)high << 32 | low);
    for (int i = 0; i < 3; i++)
        (i & 1 ? deep : other)(c, c->height);
}

static void prepare(struct coroutine *c, void *stack, size_t size, int height)
{
    CHECK(!getcontext(&c->own));
    c->own.uc_stack.ss_sp = stack;
    c->own.uc_stack.ss_size = size;
    c->own.uc_link = &c->caller;
    c->height = height;
    makecontext(&c->own, (void (*)(void))body, 2, (unsigned)(uintptr_t)c,
                (unsigned)((uintptr_t)c >> 32));
}

static NOINLINE void resume(struct coroutine *c)
{
    CHECK(!swapcontext(&c->caller, &c->own));
    touch(2);
}

static void *play(void *unused)
{
    struct coroutine c[4];
    for (int round = 0; round < 30; round++) {
        void *stacks[4];
        size_t sizes[4];
        for (int i = 0; i < 4; i++) {
            sizes[i] = 32768 + rnd(8) * 16;
            stacks[i] = i & 1 ? malloc(sizes[i])
                              : mmap(NULL, 65536, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            CHECK(stacks[i] && stacks[i] != MAP_FAILED);
            prepare(&c[i], stacks[i], sizes[i], (int)rnd(6));
        }
        for (int step = 0; step < 4; step++)
            for (int i = 0; i < 4; i++)
                resume(&c[i]);
        for (int i = 0; i < 4; i++)
            if (i & 1)
                free(stacks[i]);
            else
                munmap(stacks[i], 65536);
    }
    return unused;
}

int main(void)
{
    pthread_t thread;
    play(NULL);
    CHECK(!pthread_create(&thread, NULL, play, NULL));
    play(NULL);
    pthread_join(thread, NULL);
    return 0;
}
