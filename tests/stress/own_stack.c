// SPDX-License-Identifier: MIT
//
// Memory of the program that served as the stack of a thread is ordinary memory again once the
// thread was joined, and a root if it was one before.

#include "stress.h"

#include <sys/mman.h>

enum { BYTES = 1 << 20, BLOCKS = 100 };

static void *body(void *unused)
{
    free(malloc(10));
    return unused;
}

static NOINLINE void fill_area(uintptr_t hidden)
{
    void **area = reveal(hidden);
    for (size_t i = 0; i < BLOCKS; i++)
        area[i] = malloc(100);
}

int main(int argc, char **argv)
{
    pthread_attr_t attr;
    pthread_t t;
    stress_begin(argc, argv);
    void *area = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    pthread_attr_init(&attr);
    CHECK(!pthread_attr_setstack(&attr, area, BYTES));
    CHECK(!pthread_create(&t, &attr, body, NULL));
    CHECK(!pthread_join(t, NULL));
    fill_area(hide(area));
    return stress_end();
}
