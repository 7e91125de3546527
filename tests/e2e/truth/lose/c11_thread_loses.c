// SPDX-License-Identifier: MIT
//
// A thread of threads.h.
//
// EXPECT: definite 79 1

#include "truth.h"

#include <threads.h>

static int work(void *unused)
{
    (void)unused;
    use(malloc(79));
    return 0;
}

static NOINLINE void lose(void)
{
    thrd_t thread;
    CHECK(thrd_create(&thread, work, NULL) == thrd_success);
    thrd_join(thread, NULL);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
