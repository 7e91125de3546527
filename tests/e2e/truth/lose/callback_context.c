// SPDX-License-Identifier: MIT
//
// A callback is unregistered, its context is not freed.
//
// EXPECT: definite 102 1

#include "truth.h"

struct callback {
    void (*call)(void *);
    void *context;
};
struct callback callback;

static void count(void *context)
{
    ++*(int *)context;
}

static NOINLINE void lose(void)
{
    callback = (struct callback){count, calloc(1, 102)};
    use(&callback);
    callback.call(callback.context);
    callback = (struct callback){0};
    use(&callback);
}

int main(void)
{
    lose();
    TRUTH_POINT();
    return 0;
}
