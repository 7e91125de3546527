// SPDX-License-Identifier: MIT
//
// Ten nodes of 64 bytes, each with a text of 40.
//
// EXPECT: definite 48 1; indirect 1040 20

#include "truth.h"

#include <set>
#include <string>

static NOINLINE void lose()
{
    auto *s = new std::set<std::string>;
    for (char c = 'a'; c < 'k'; c++)
        s->insert(std::string(39, c));
    use(s);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
