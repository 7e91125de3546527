// SPDX-License-Identifier: MIT
//
// Streams and the strings they make.
//
// EXPECT: nothing

#include "truth.h"

#include <sstream>

static NOINLINE void lose()
{
    std::ostringstream out;
    for (int i = 0; i < 1000; i++)
        out << i << ' ';
    std::string all = out.str();
    use(&all);
    CHECK(all.size() == 3890);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
