// SPDX-License-Identifier: MIT
//
// An optional raw pointer, reset and written over.
//
// EXPECT: definite 69 1

#include "truth.h"

#include <optional>

std::optional<char *> o;

static NOINLINE void lose()
{
    o = new char[69];
    use(*o);
    o = nullptr;
    use(&o);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
