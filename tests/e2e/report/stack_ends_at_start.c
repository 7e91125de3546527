// SPDX-License-Identifier: MIT
//
// Stacks are whole: from malloc's caller through main to _start, and in threads to clone.
//
// CFLAGS: -O0 | -O2 | -O2 -fomit-frame-pointer | -O2 -fno-omit-frame-pointer | -O2 -no-pie | -O3 -flto
// EXPECT: definite 219 2
// STDERR-HAS: leak of 109 byte[^!]*#0 0x\w+ in lose [^!]*#1 0x\w+ in main [^!]*in _start
// STDERR-HAS: leak of 110 byte[^!]*#0 0x\w+ in lose [^!]*#1 0x\w+ in work [^!]*clone

#include "leaktest.h"

#include <pthread.h>

static NOINLINE void lose(size_t size)
{
    void *p = malloc(size);
    use(p);
}

static void *work(void *unused)
{
    lose(110);
    return unused;
}

int main(void)
{
    pthread_t thread;
    lose(109);
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
