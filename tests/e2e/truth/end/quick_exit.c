// SPDX-License-Identifier: MIT
//
// quick_exit, without the handlers of atexit.
//
// EXPECT: definite 222 1
// KEPT: 223 1

#include "truth.h"

static void *kept;

static NOINLINE void lose(void)
{
    use(malloc(222));
}

static void never(void)
{
    free(kept);
    kept = NULL;
    abort();
}

int main(void)
{
    CHECK(atexit(never) == 0);
    kept = malloc(223);
    lose();
    TRUTH_POINT();
    quick_exit(0);
}
