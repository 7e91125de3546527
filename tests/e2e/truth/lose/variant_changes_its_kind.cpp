// SPDX-License-Identifier: MIT
//
// A variant with a raw pointer becomes a number.
//
// EXPECT: definite 68 1

#include "truth.h"

#include <variant>

std::variant<int, char *> v;

static NOINLINE void lose()
{
    v = new char[68];
    use(std::get<char *>(v));
    v = 1;
    use(&v);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
