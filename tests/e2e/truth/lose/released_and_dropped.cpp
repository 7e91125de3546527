// SPDX-License-Identifier: MIT
//
// unique_ptr::release gives the pointer back, to nobody.
//
// EXPECT: definite 49 1

#include "truth.h"

#include <memory>

static NOINLINE void lose()
{
    std::unique_ptr<char[]> p(new char[49]);
    use(p.get());
    use(p.release());
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
