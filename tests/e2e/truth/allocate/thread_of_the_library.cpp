// SPDX-License-Identifier: MIT
//
// A std::thread's function allocates; what the thread itself took is freed.
//
// EXPECT: definite 45 1

#include "truth.h"

#include <thread>

static NOINLINE void lose()
{
    std::thread t([] { use(new char[45]); });
    t.join();
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
