// SPDX-License-Identifier: MIT
//
// A string in a union, which destroys nothing by itself.
//
// EXPECT: definite 62 1

#include "truth.h"

#include <new>
#include <string>

union value {
    int number;
    std::string text;
    value() : number(0) {}
    ~value() {}
};

static NOINLINE void lose()
{
    value v;
    new (&v.text) std::string(61, 'x');
    use(&v);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
