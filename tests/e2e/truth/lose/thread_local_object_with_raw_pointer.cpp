// SPDX-License-Identifier: MIT
//
// A thread_local object's destructor forgets its block.
//
// EXPECT: definite 71 1

#include "truth.h"

#include <thread>

struct holder {
    char *c = nullptr;
    ~holder()
    {
        use(&c);
        c = nullptr;
    }
};
static thread_local holder held;

static NOINLINE void lose()
{
    std::thread t([] {
        held.c = new char[71];
        use(held.c);
    });
    t.join();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
