// SPDX-License-Identifier: MIT
//
// Threads of C11.
//
// EXPECT: definite 109 1
// CONTROL: -DFIXED => nothing

#include "leaktest.h"

#include <threads.h>

static int work(void *argument)
{
    void *p = malloc(109); // LEAK: definite 109 1
    use(p);
#ifdef FIXED
    free(p);
#endif
    free(argument);
    return 5;
}

int main(void)
{
    thrd_t thread;
    int result = 0;
    CHECK(thrd_create(&thread, work, malloc(20)) == thrd_success);
    CHECK(thrd_join(thread, &result) == thrd_success && result == 5);
    return 0;
}
