// SPDX-License-Identifier: MIT
//
// A buffer resource that is never destroyed keeps what it took from the heap.
//
// EXPECT: definite 64 1; indirect ? 1

#include "truth.h"

#include <memory_resource>

static NOINLINE void lose()
{
    auto *r = new std::pmr::monotonic_buffer_resource(1000);
    use(r->allocate(10));
    use(r);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
